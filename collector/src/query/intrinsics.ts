/** What the value of an intrinsic is; `numeric` ones compare with each other. */
export type IntrinsicType = 'string' | 'status' | 'kind' | 'duration';

interface IntrinsicTraits {
  readonly type: IntrinsicType;
  /** The same for every span of a trace. */
  readonly ofTrace?: true;
  /** May be missing, so that `nil` makes sense: a root has no parent, a span may have no events or links. */
  readonly optional?: true;
}

/** Every intrinsic by its scoped name. */
export const INTRINSICS = {
  'span:name': { type: 'string' },
  'span:status': { type: 'status' },
  'span:statusMessage': { type: 'string' },
  'span:kind': { type: 'kind' },
  'span:duration': { type: 'duration' },
  'span:id': { type: 'string' },
  'span:parentID': { type: 'string', optional: true },
  'trace:id': { type: 'string', ofTrace: true },
  'trace:duration': { type: 'duration', ofTrace: true },
  'trace:rootName': { type: 'string', ofTrace: true },
  'trace:rootService': { type: 'string', ofTrace: true },
  'event:name': { type: 'string', optional: true },
  'event:timeSinceStart': { type: 'duration', optional: true },
  'link:spanID': { type: 'string', optional: true },
  'link:traceID': { type: 'string', optional: true },
  'instrumentation:name': { type: 'string' },
  'instrumentation:version': { type: 'string' },
} as const satisfies Readonly<Record<string, IntrinsicTraits>>;

export type Intrinsic = keyof typeof INTRINSICS;

export const INTRINSIC_NAMES = Object.keys(INTRINSICS) as readonly Intrinsic[];

/** The older names without a scope. */
export const INTRINSIC_ALIASES: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ['name', 'span:name'],
  ['status', 'span:status'],
  ['statusMessage', 'span:statusMessage'],
  ['kind', 'span:kind'],
  ['duration', 'span:duration'],
  ['traceDuration', 'trace:duration'],
  ['rootName', 'trace:rootName'],
  ['rootServiceName', 'trace:rootService'],
]);

export const traitsOf = (name: Intrinsic): IntrinsicTraits => INTRINSICS[name];

/** The intrinsic of this name, with or without a scope. */
export const intrinsicNamed = (text: string): Intrinsic | undefined =>
  Object.hasOwn(INTRINSICS, text) ? (text as Intrinsic) : INTRINSIC_ALIASES.get(text);
