import { z } from 'zod';
import { parseUnixNanos, traceId, type UnixNanos } from '../model/index.ts';
import { type Baseline, EMPTY_BASELINE, edgeKey } from './baseline.ts';
import type { Notice } from './outbox.ts';
import type { SilenceRecord } from './silences.ts';
import type { AlertRecord } from './step.ts';

/** Where alerts keep what must survive a restart: text by key. */
export interface AlertMemory {
  load(key: string): Promise<string | undefined>;
  save(key: string, value: string): Promise<void>;
}

/** All that is kept. */
export interface Remembered {
  readonly records: ReadonlyMap<string, AlertRecord>;
  readonly notices: ReadonlyMap<string, Notice>;
  readonly silences: readonly SilenceRecord[];
  readonly baseline: Baseline;
}

export const MEMORY_KEYS = ['alerts.states', 'alerts.silences', 'alerts.baseline'] as const;
export type MemoryKey = (typeof MEMORY_KEYS)[number];
/** The stored texts by key. */
export type MemoryTexts = Readonly<Record<MemoryKey, string>>;

const time = z.string().transform((text, context): UnixNanos => {
  const nanos = parseUnixNanos(text);
  if (nanos !== undefined) return nanos;
  context.addIssue('no time');
  return z.NEVER;
});

const exemplars = z.array(z.string()).transform((ids) => ids.map(traceId).filter((id) => id !== undefined));

const text = z.string();
const where = z.object({
  service: text.exactOptional(),
  operation: text.exactOptional(),
  chain: text.exactOptional(),
  from: text.exactOptional(),
  to: text.exactOptional(),
  system: text.exactOptional(),
  destination: text.exactOptional(),
  consumerGroup: text.exactOptional(),
});

const record = z.object({
  id: text,
  rule: text,
  state: z.enum(['pending', 'firing', 'resolved']),
  severity: z.enum(['info', 'warning', 'critical']),
  where,
  value: z.number(),
  bound: z.number().nullable(),
  unit: text,
  sentence: text,
  exemplars,
  since: time,
  resolvedAt: time.exactOptional(),
  held: z.number(),
  quiet: z.number().exactOptional(),
});

const notice = z.object({
  since: time,
  state: z.enum(['firing', 'resolved']),
  ok: z.boolean(),
  again: z.boolean(),
  at: time,
  message: text,
});

const states = z.object({ records: z.array(record), notices: z.array(z.tuple([text, notice])) });
const silences = z.array(
  z.object({ id: text, rule: text, alert: text.exactOptional(), until: time, comment: text.exactOptional() }),
);
const baseline = z.object({
  startedAt: time.exactOptional(),
  edges: z.array(z.tuple([text, text, text, time])),
});

/** Times are bigint inside and decimal text outside, as on the wire. */
const write = (value: unknown): string =>
  JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? String(part) : part));

export const rememberedTexts = ({ records, notices, silences, baseline }: Remembered): MemoryTexts => ({
  'alerts.states': write({ records: [...records.values()], notices: [...notices] }),
  'alerts.silences': write(silences),
  'alerts.baseline': write({
    startedAt: baseline.startedAt,
    edges: [...baseline.edges.values()].map(({ from, to, protocol, firstSeen }) => [
      from,
      to,
      protocol,
      firstSeen,
    ]),
  }),
});

/** The stored value; undefined where there is none, and `broken` is called where it cannot be read. */
const read = <T extends z.ZodType>(
  schema: T,
  stored: string | undefined,
  broken: () => void,
): z.output<T> | undefined => {
  if (stored === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(stored));
  } catch {
    broken();
    return undefined;
  }
};

/** What the texts hold. A text that cannot be read counts as none, and is named to `broken`. */
export const rememberedFrom = (
  stored: Readonly<Partial<Record<MemoryKey, string | undefined>>>,
  broken: (key: MemoryKey) => void,
): Remembered => {
  const get = <T extends z.ZodType>(key: MemoryKey, schema: T) =>
    read(schema, stored[key], () => broken(key));
  const known = get('alerts.states', states);
  const learnt = get('alerts.baseline', baseline);
  return {
    records: new Map(known?.records.map((one) => [one.id, one])),
    notices: new Map(known?.notices),
    silences: get('alerts.silences', silences) ?? [],
    baseline:
      learnt === undefined
        ? EMPTY_BASELINE
        : {
            startedAt: learnt.startedAt,
            edges: new Map(
              learnt.edges.map(([from, to, protocol, firstSeen]) => [
                edgeKey(from, to, protocol),
                { from, to, protocol, firstSeen },
              ]),
            ),
          },
  };
};
