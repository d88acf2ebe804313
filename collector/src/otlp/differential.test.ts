import { describe, expect, it } from 'vitest';
import { expectedSpans, shapeOf } from '../../test/otlp-oracle.ts';
import { damaged, randomRequest } from '../../test/random-otlp.ts';
import { chance } from '../../test/spans.ts';
import { spansOf } from '../batch/index.ts';
import { decodeProtobufSpans } from './protobuf.ts';
import { MalformedError } from './wire.ts';

const decoded = (body: Uint8Array) => {
  const { batch, rejected } = decodeProtobufSpans(body);
  return { spans: spansOf(batch), rejected };
};

describe.each([1, 2, 3, 4, 5])('beside protobufjs, seed %i', (seed) => {
  it('reads the same from whatever protobuf allows', () => {
    const random = chance(seed);
    let spans = 0;
    let rejected = 0;
    for (let round = 0; round < 300; round++) {
      const body = randomRequest(random);
      const expected = expectedSpans(body);
      expect(decoded(body), `round ${round}`).toEqual(expected);
      spans += expected.spans.length;
      rejected += expected.rejected;
    }
    expect(spans).toBeGreaterThan(600);
    expect(rejected).toBeGreaterThan(60);
  });

  it('reads the same from damaged bytes or both refuse them', () => {
    const random = chance(seed + 100);
    const seen = { sound: 0, malformed: 0, loose: 0 };
    for (let round = 0; round < 500; round++) {
      const body = damaged(randomRequest(random), random);
      const shape = shapeOf(body);
      seen[shape]++;
      if (shape === 'malformed') expect(() => decoded(body), `round ${round}`).toThrow(MalformedError);
      else if (shape === 'sound') expect(decoded(body), `round ${round}`).toEqual(expectedSpans(body));
      else expectSpansOrMalformed(body);
    }
    expect(Math.min(seen.sound, seen.malformed, seen.loose)).toBeGreaterThan(20);
  });
});

const expectSpansOrMalformed = (body: Uint8Array): void => {
  try {
    for (const span of decoded(body).spans) expect(span.traceId).toMatch(/^[0-9a-f]{32}$/);
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedError);
  }
};
