import type { Queue } from '../../../../collector/src/contract/index.ts';
import { formatDuration, formatSeconds } from '../../lib/duration.ts';
import { formatRate, plural } from '../../lib/figures.ts';

/** What a reader of the queue should know, in one or two sentences. */
export const queueSentence = (queue: Queue): string => {
  const arriving = `${formatRate(queue.publishedPerSecond)} messages/s arrive`;
  const lag = queue.lagSeconds === null ? undefined : formatSeconds(queue.lagSeconds);
  const waiting =
    queue.backlog === null ? undefined : plural(queue.backlog, 'message waits', 'messages wait');
  const drains =
    queue.drainSeconds === undefined
      ? queue.publishedPerSecond > queue.processedPerSecond && queue.status !== 'ok'
        ? ' More arrive than are processed: the backlog grows.'
        : ''
      : ` At this rate it drains in ${formatSeconds(queue.drainSeconds)}.`;
  switch (queue.status) {
    case 'stalled':
      return `Nothing has been processed${lag ? ` for ${lag}` : ''} while ${arriving}.${waiting ? ` ${waiting}.` : ''}`;
    case 'stopped':
      return `The consumer has stopped while ${arriving}.${waiting ? ` ${waiting}.` : ''}`;
    case 'rewound':
      return `The consumer went back to an earlier position${waiting ? `: ${waiting}` : ''}.`;
    case 'warning':
      return `The consumer falls behind${lag ? `: it is ${lag} late` : ''}${waiting ? `, ${waiting}` : ''}.${drains}`;
    case 'unknown':
      return `The backlog is not known: neither the broker nor the spans tell it. Messages spend ${formatDuration(queue.timeInQueue.p50)} in the queue.`;
    case 'ok':
      return `The consumer keeps up. Half of the messages wait less than ${formatDuration(queue.timeInQueue.p50)}, one in a hundred more than ${formatDuration(queue.timeInQueue.p99)}.`;
  }
};
