import { exportRequest } from '../../bench/otlp-body.ts';

/** The ids of a trace's spans that one request carries. */
export interface SentTrace {
  readonly traceId: string;
  readonly spanIds: readonly string[];
}

/** Where an id stands in a body: a span's id is also its child's parent. */
interface Slot {
  readonly offsets: readonly number[];
  /** Which trace of the request, which span of it. */
  readonly trace: number;
  readonly span: number | undefined;
}

interface Template {
  readonly body: Uint8Array;
  readonly slots: readonly Slot[];
  readonly spansOfTrace: readonly number[];
}

/** From single traces to the usual batch of an exporter. */
const SPANS_PER_REQUEST = [500, 8, 120, 500] as const;
/** The last of four requests brings more spans of the first one's traces, sealed or not by then. */
const CYCLE = SPANS_PER_REQUEST.length;
const LATE = CYCLE - 1;
/** More traces or spans than a request has, so that every id has a number of its own. */
const IDS_PER_REQUEST = 2_048;
const IDS_OF_SPANS = 1_024;

/**
 * Export requests by number: the same number gives the same bytes and ids again, so that a ledger of numbers is enough
 * to know every span that was sent. Encoded once, and only the ids change: the load generator must outrun the collector.
 */
export class Requests {
  readonly #seed: number;
  readonly #templates: readonly Template[];

  constructor(seed: number, startNanos: bigint) {
    this.#seed = seed;
    const whole = template(SPANS_PER_REQUEST[0], startNanos);
    this.#templates = SPANS_PER_REQUEST.map((spans, index) =>
      index === 0 || index === LATE ? whole : template(spans, startNanos),
    );
  }

  body(number: number): Uint8Array<ArrayBuffer> {
    const { body, slots } = this.#template(number);
    const copy = Buffer.from(body);
    for (const { offsets, trace, span } of slots) {
      const id = span === undefined ? this.#traceId(number, trace) : this.#spanId(number, span);
      for (const offset of offsets) id.copy(copy, offset);
    }
    return new Uint8Array(copy.buffer, copy.byteOffset, copy.length);
  }

  spanCount(number: number): number {
    return this.#template(number).spansOfTrace.reduce((sum, count) => sum + count, 0);
  }

  traceCount(number: number): number {
    return this.#template(number).spansOfTrace.length;
  }

  traces(number: number): SentTrace[] {
    let next = 0;
    return this.#template(number).spansOfTrace.map((count, trace) => ({
      traceId: this.#traceId(number, trace).toString('hex'),
      spanIds: Array.from({ length: count }, () => this.#spanId(number, next++).toString('hex')),
    }));
  }

  /** The numbers of the requests that bring spans of the same traces as this one, itself included. */
  siblings(number: number): readonly number[] {
    const first = number - (number % CYCLE);
    const place = number - first;
    return place === 0 || place === LATE ? [first, first + LATE] : [number];
  }

  #template(number: number): Template {
    return this.#templates[number % CYCLE] as Template;
  }

  #traceId(number: number, trace: number): Buffer {
    const [owner = number] = this.siblings(number);
    return this.#id(owner * IDS_PER_REQUEST + trace, 16);
  }

  #spanId(number: number, span: number): Buffer {
    return this.#id(number * IDS_PER_REQUEST + IDS_OF_SPANS + span, 8);
  }

  /** Looks random, and is another one for every key: each word is a bijection of it. */
  #id(key: number, length: number): Buffer {
    const id = Buffer.allocUnsafe(length);
    for (let at = 0; at < length; at += 4) id.writeUInt32BE(scramble(key + (at + 1) * this.#seed), at);
    return id;
  }
}

const scramble = (word: number): number => {
  let mixed = word >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
};

const template = (spans: number, startNanos: bigint): Template => {
  const traces: Buffer[] = [];
  const spansOfTrace: number[] = [];
  const spanIds: { id: Buffer; trace: number }[] = [];
  const body = exportRequest(spans, startNanos, (traceId, id) => {
    if (traces.at(-1) !== traceId) {
      traces.push(traceId);
      spansOfTrace.push(0);
    }
    const trace = traces.length - 1;
    (spansOfTrace[trace] as number)++;
    spanIds.push({ id, trace });
  });
  const slots = [
    ...traces.map((id, trace) => ({ offsets: offsetsOf(body, id), trace, span: undefined })),
    ...spanIds.map(({ id, trace }, span) => ({ offsets: offsetsOf(body, id), trace, span })),
  ];
  return { body, slots, spansOfTrace };
};

const offsetsOf = (body: Uint8Array, id: Buffer): number[] => {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  const offsets: number[] = [];
  for (let at = bytes.indexOf(id); at >= 0; at = bytes.indexOf(id, at + 1)) offsets.push(at);
  return offsets;
};
