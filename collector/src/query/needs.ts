import type { SpanKind, StatusCode } from '../model/index.ts';
import type { AttributeScope } from './ast.ts';

/**
 * A value that `=` asks for. Whole numbers are a bigint, which the float equal to it meets as well; an array meets
 * what one of its elements does.
 */
export type ExactValue = string | boolean | number | bigint;

/** The attribute must be on the span, with one of these values where they are known. */
export interface AttributeNeed {
  /** `any` is a span's own attribute or its resource's. */
  readonly scope: AttributeScope;
  readonly key: string;
  /** One of these must be there; undefined where others may do. */
  readonly values: ReadonlySet<ExactValue> | undefined;
}

/**
 * What at least one span must have for its trace to match: a block that holds no such span holds no matching trace,
 * if it holds its traces whole. Every property must be met, by the same span; an empty set cannot be met. Necessary
 * and never sufficient.
 */
export interface SpanNeed {
  readonly services?: ReadonlySet<string>;
  readonly names?: ReadonlySet<string>;
  readonly kinds?: ReadonlySet<SpanKind>;
  readonly statuses?: ReadonlySet<StatusCode>;
  /** ns, bounds included. */
  readonly minDuration?: number;
  readonly maxDuration?: number;
  readonly attributes?: readonly AttributeNeed[];
}

/** What a span meets that meets both. */
export const bothOf = (a: SpanNeed, b: SpanNeed): SpanNeed =>
  filled({
    services: intersection(a.services, b.services),
    names: intersection(a.names, b.names),
    kinds: intersection(a.kinds, b.kinds),
    statuses: intersection(a.statuses, b.statuses),
    minDuration: pick(Math.max, a.minDuration, b.minDuration),
    maxDuration: pick(Math.min, a.maxDuration, b.maxDuration),
    attributes: [...(a.attributes ?? []), ...(b.attributes ?? [])],
  });

/** What a span meets that meets one of them. */
export const eitherOf = (a: SpanNeed, b: SpanNeed): SpanNeed =>
  filled({
    services: union(a.services, b.services),
    names: union(a.names, b.names),
    kinds: union(a.kinds, b.kinds),
    statuses: union(a.statuses, b.statuses),
    minDuration: widest(Math.min, a.minDuration, b.minDuration),
    maxDuration: widest(Math.max, a.maxDuration, b.maxDuration),
    attributes: sharedAttributes(a.attributes ?? [], b.attributes ?? []),
  });

export const isEmptyNeed = (need: SpanNeed): boolean => Object.keys(need).length === 0;

const sharedAttributes = (a: readonly AttributeNeed[], b: readonly AttributeNeed[]): AttributeNeed[] =>
  a.flatMap((left) => {
    const right = b.find((one) => one.scope === left.scope && one.key === left.key);
    return right ? [{ ...left, values: union(left.values, right.values) }] : [];
  });

const intersection = <T>(
  a: ReadonlySet<T> | undefined,
  b: ReadonlySet<T> | undefined,
): ReadonlySet<T> | undefined => (a && b ? new Set([...a].filter((one) => b.has(one))) : (a ?? b));

const union = <T>(a: ReadonlySet<T> | undefined, b: ReadonlySet<T> | undefined): ReadonlySet<T> | undefined =>
  a && b && new Set([...a, ...b]);

type Choice = (a: number, b: number) => number;

const pick = (choose: Choice, a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : choose(a, b);

const widest = (choose: Choice, a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : choose(a, b);

type Loose = { readonly [K in keyof SpanNeed]: SpanNeed[K] | undefined };

/** Without the properties that ask for nothing. */
const filled = (need: Loose): SpanNeed =>
  Object.fromEntries(
    Object.entries(need).filter(
      ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  ) as SpanNeed;
