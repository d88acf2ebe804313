/**
 * 64-bit numbers as pairs of 32-bit words: arithmetic on them is tens of times faster than on bigints, and exact.
 * The low word comes first on little-endian machines.
 */
const LITTLE = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
export const LOW = LITTLE ? 0 : 1;
export const HIGH = 1 - LOW;

type Array64 = BigInt64Array | BigUint64Array | Float64Array;

/** The same memory as words, two a number. */
export const wordsOf = (numbers: Array64): Uint32Array =>
  new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length * 2);

/** Bytes that hold the unsigned number. */
export const widthOf = (low: number, high: number): number =>
  high !== 0 ? 4 + width32(high) : width32(low >>> 0);

const width32 = (value: number): number => Math.ceil((32 - Math.clz32(value)) / 8);
