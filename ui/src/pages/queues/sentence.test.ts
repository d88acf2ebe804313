import { expect, it } from 'vitest';
import type { Queue } from '../../../../collector/src/contract/index.ts';
import { queueSentence } from './sentence.ts';

const queue = (part: Partial<Queue>) =>
  ({
    status: 'ok',
    backlog: 7_790,
    lagSeconds: 190,
    publishedPerSecond: 41,
    processedPerSecond: 0,
    timeInQueue: { p50: 120e6, p95: 340e6, p99: 500e6, max: 1e9 },
    ...part,
  }) as Queue;

it('says what a queue does, as far as it is known', () => {
  expect(queueSentence(queue({ status: 'stalled' }))).toBe(
    'Nothing has been processed for 3 min 10 s while 41 messages/s arrive. 7,790 messages wait.',
  );
  expect(queueSentence(queue({ status: 'stopped', backlog: null }))).toBe(
    'The consumer has stopped while 41 messages/s arrive.',
  );
  expect(queueSentence(queue({ status: 'warning' }))).toContain('the backlog grows');
  expect(queueSentence(queue({ status: 'warning', drainSeconds: 60 }))).toContain('drains in 1 min');
  expect(queueSentence(queue({ status: 'ok' }))).toContain('less than 120 ms');
  expect(queueSentence(queue({ status: 'unknown', backlog: null, lagSeconds: null }))).toContain('not known');
});
