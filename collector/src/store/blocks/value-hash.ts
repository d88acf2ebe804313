import { type FilterBuilder, Hash64 } from '../../columns/index.ts';
import type { Attributes, AttributeValue } from '../../model/index.ts';
import { OWNERS, type Owner } from './layout.ts';

const encoder = new TextEncoder();
const hash = new Hash64();

/** Types of values that the filter knows; others are never looked up by equality. */
const TYPE = { string: 1, bool: 2, int: 3 } as const;

/** The hash of an owner and key, from which those of its values go on. */
export interface KeyHash {
  readonly low: number;
  readonly high: number;
}

export const hashKey = (owner: Owner, key: string): KeyHash => {
  hash.start().u32(OWNERS.indexOf(owner)).bytes(encoder.encode(key));
  return { low: hash.low, high: hash.high };
};

/** The result is good until the next hash is made. */
export const hashString = (key: KeyHash, text: Uint8Array): Hash64 =>
  hash.start(key.low, key.high).u32(TYPE.string).bytes(text).finish();
export const hashBool = (key: KeyHash, value: boolean): Hash64 =>
  hash
    .start(key.low, key.high)
    .u32(TYPE.bool)
    .u32(value ? 1 : 0)
    .finish();
/** The number's two words. */
export const hashInt = (key: KeyHash, low: number, high: number): Hash64 =>
  hash.start(key.low, key.high).u32(TYPE.int).u32(low).u32(high).finish();

/** Of a trace id's bytes. */
export const hashTraceId = (id: Uint8Array): Hash64 => hash.start().bytes(id).finish();

/** Undefined for doubles, bytes, lists and maps, which are not in the filter. */
export const hashValue = (owner: Owner, key: string, value: AttributeValue): Hash64 | undefined => {
  if (typeof value === 'string') return hashString(hashKey(owner, key), encoder.encode(value));
  if (typeof value === 'boolean') return hashBool(hashKey(owner, key), value);
  if (typeof value !== 'bigint') return undefined;
  const low = Number(BigInt.asUintN(32, value));
  return hashInt(hashKey(owner, key), low, Number(BigInt.asUintN(32, value >> 32n)));
};

export const addToFilter = (filter: FilterBuilder, owner: Owner, attributes: Attributes): void => {
  for (const [key, value] of attributes) {
    const hashed = hashValue(owner, key, value);
    if (hashed) filter.add(hashed);
  }
};
