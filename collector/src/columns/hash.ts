/**
 * A 64-bit hash of bytes, made piece by piece: two 32-bit lanes, each of which multiplies by an odd constant of its
 * own, mixed into each other at the end. The values are in files, so this never changes.
 */
export class Hash64 {
  low = 0;
  high = 0;

  start(low = 0x9e37_79b9, high = 0x85eb_ca6b): this {
    this.low = low;
    this.high = high;
    return this;
  }

  bytes(bytes: Uint8Array): this {
    let { low, high } = this;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] as number;
      low = Math.imul(low ^ byte, 0x9e37_79b1);
      high = Math.imul(high ^ byte, 0x5f35_6495);
      // The high bits must reach the low ones, which a multiplication alone never does.
      low ^= low >>> 15;
      high ^= high >>> 13;
    }
    this.low = low;
    this.high = high;
    return this;
  }

  u32(value: number): this {
    let low = Math.imul(this.low ^ value, 0x9e37_79b1);
    let high = Math.imul(this.high ^ value, 0x5f35_6495);
    low ^= low >>> 15;
    high ^= high >>> 13;
    this.low = low;
    this.high = high;
    return this;
  }

  /** `low` and `high` are the hash after it. */
  finish(): this {
    this.low = mix(this.low ^ Math.imul(this.high, 0xc2b2_ae35));
    this.high = mix(this.high ^ this.low);
    return this;
  }
}

const mix = (value: number): number => {
  let mixed = Math.imul(value ^ (value >>> 16), 0x7feb_352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846c_a68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
};
