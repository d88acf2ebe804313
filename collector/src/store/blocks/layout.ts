export const BLOCK_VERSION = 1;

/**
 * Numbers of the columns; they are in files, so they never change their meaning. A column whose values are all zero
 * or empty is left out. FORMAT.md describes each.
 */
export const COLUMN = {
  resources: 1,
  scopes: 2,
  traceIds: 3,
  traceSizes: 4,
  traceFilter: 5,
  valueFilter: 6,

  spanIds: 10,
  parents: 11,
  outsideParents: 12,
  starts: 13,
  durations: 14,
  kinds: 15,
  statusCodes: 16,
  statusMessages: 17,
  names: 18,
  traceStates: 19,
  flags: 20,
  resourceIndexes: 21,
  scopeIndexes: 22,
  droppedAttributes: 23,
  droppedEvents: 24,
  droppedLinks: 25,
  spilledAttributes: 26,

  eventCounts: 40,
  eventTimes: 41,
  eventNames: 42,
  eventDroppedAttributes: 43,
  eventSpilledAttributes: 44,

  linkCounts: 60,
  linkTraces: 61,
  linkOutsideTraceIds: 62,
  linkSpanIds: 63,
  linkTraceStates: 64,
  linkFlags: 65,
  linkDroppedAttributes: 66,
  linkSpilledAttributes: 67,

  /** Attributes have this column and those after it, as the directory in the meta data says. */
  firstAttribute: 100,
} as const;

/** Who has attributes. Those of resources and scopes are in their own columns, and in the filter of values. */
export const OWNERS = ['span', 'event', 'link', 'resource', 'scope'] as const;
export type Owner = (typeof OWNERS)[number];
export type RowOwner = 'span' | 'event' | 'link';

/** Column of an owner's attributes that got no column of their own. */
export const SPILL: Readonly<Record<RowOwner, number>> = {
  span: COLUMN.spilledAttributes,
  event: COLUMN.eventSpilledAttributes,
  link: COLUMN.linkSpilledAttributes,
};

/**
 * Columns that the attributes of one owner may have: far more than services use, few enough that unique keys do not
 * make a column a span. The rarest beyond it spill.
 */
export const MAX_ATTRIBUTE_COLUMNS = 1_024;

/** Names that the meta data lists; more are "too many", so that it stays small. */
export const MAX_LISTED = 1_024;
export const MAX_LISTED_CHARACTERS = 32_768;

/** A parent reference: none, an id in `outsideParents`, or the distance to a row of the trace. */
export const PARENT = { none: 0, outside: 1, distance: 2 } as const;

/** The trace of a link: one outside of the block, or the distance to a trace of it. */
export const LINK = { outside: 0, distance: 1 } as const;

export const zigzag = (value: number): number => ((value << 1) ^ (value >> 31)) >>> 0;
export const unzigzag = (value: number): number => (value >>> 1) ^ -(value & 1);
