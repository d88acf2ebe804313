import { describe, expect, it } from 'vitest';
import { EPOCH } from '../../test/spans.ts';
import { message } from '../../test/stories.ts';
import type { Span } from '../model/index.ts';
import { addNanos, NANOS_PER_SECOND } from '../model/index.ts';
import { analyseTrace, findingsOf, queuesOf } from './index.ts';
import type { RollupEntry } from './stat.ts';
import type { Finding } from './types.ts';

const at = (seconds: number) => addNanos(EPOCH, seconds * NANOS_PER_SECOND);
const range = (seconds: number) => ({ start: EPOCH, end: at(seconds) });

const entriesOf = (traces: readonly (readonly Span[])[]): RollupEntry[] =>
  traces.flatMap((spans) => analyseTrace(spans).entries);

const found = (traces: readonly (readonly Span[])[], seconds: number): Finding[] =>
  findingsOf(entriesOf(traces), range(seconds), at(seconds));

const typesOf = (findings: readonly Finding[]) =>
  findings.map((finding) => `${finding.severity} ${finding.type}`);

const times = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n));

describe('messages', () => {
  it('handled twice are a critical finding that says why', () => {
    const traces = times(3, (n) =>
      message(`m${n}`, n, n * 1_000, [
        { at: n * 1_000 + 5, for: 41_000, settle: 'ack' },
        { at: n * 1_000 + 30_005, for: 41_000, count: 2, settle: 'ack' },
      ]),
    );
    const findings = found(traces, 90);
    expect(typesOf(findings)).toEqual(['critical duplicate-processing', 'info redelivery']);
    expect(findings[0]!.sentence).toMatch(
      /^billing handled 3 messages of orders.created successfully more than once: the first handling took 4[01](\.\d)? s, and the message came again (29|30)(\.\d)? s after it began\.$/,
    );
    expect(findings[0]!.evidence.flows).toHaveLength(3);
    expect(findings[0]!.recommendation).toContain('ack wait');
  });

  it('that lie too long are a slow queue', () => {
    const [finding] = found(
      times(20, (n) => message(`m${n}`, n, n * 1_000, [{ at: n * 1_000 + 9_500 }])),
      40,
    );
    expect(finding).toMatchObject({
      type: 'slow-queue',
      where: { destination: 'orders.created', consumerGroup: 'billing' },
    });
  });

  it('that pile up are a growing backlog', () => {
    const traces = times(60, (n) =>
      message(`m${n}`, n, n * 1_000, [{ at: n * 1_000 + 100 * n, pending: 5 * n, settle: 'ack' }]),
    );
    const growing = found(traces, 70).find((finding) => finding.type === 'growing-backlog');
    expect(growing?.evidence.figures.backlog).toBe(295);
    const [queue] = queuesOf(entriesOf(traces), range(70), at(70));
    expect(queue).toMatchObject({ status: 'warning', backlog: 295 });
    expect(queue!.lagSeconds).toBeCloseTo(5.9, 0);
  });

  it('that come again and again and are never settled are a stalled consumer', () => {
    const traces = times(40, (n) =>
      message(`m${n}`, n % 10, n * 1_000, [{ at: n * 1_000 + 5, count: 1 + Math.floor(n / 10) }]),
    );
    expect(typesOf(found(traces, 45))).toContain('critical stalled-consumer');
  });

  it('that nobody takes any more are a stopped consumer', () => {
    const traces = times(100, (n) =>
      message(`m${n}`, n, n * 1_000, n < 40 ? [{ at: n * 1_000 + 5, settle: 'ack' }] : []),
    );
    expect(typesOf(found(traces, 100))).toContain('critical stopped-consumer');
    const [queue] = queuesOf(entriesOf(traces), range(100), at(100));
    expect(queue!.lagSeconds).toBeGreaterThan(55);
  });

  it('that were all taken before their publish was confirmed leave no stopped consumer, however long ago', () => {
    const traces = times(40, (n) => message(`m${n}`, n, n * 1_000, [{ at: n * 1_000 + 1, settle: 'ack' }]));
    expect(typesOf(found(traces, 600))).not.toContain('critical stopped-consumer');
    expect(queuesOf(entriesOf(traces), range(600), at(600))[0]).toMatchObject({ status: 'ok' });
  });

  it('that were never consumed show as a queue without a group', () => {
    expect(queuesOf(entriesOf([message('m', 1, 0, [])]), range(10), at(10))).toMatchObject([
      {
        destination: 'orders.created',
        consumerGroup: '',
        status: 'unknown',
        backlog: null,
        lagSeconds: null,
      },
    ]);
  });
});
