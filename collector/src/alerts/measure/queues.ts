import type { Queue } from '../../analysis/index.ts';
import { NANOS_PER_SECOND } from '../../model/index.ts';
import { formatDuration } from '../duration.ts';
import { applies, type RuleOf } from '../rules/index.ts';
import { MAX_EXEMPLARS, type Observations, type Sample } from './sample.ts';

interface Breach extends Pick<Sample, 'value' | 'bound' | 'unit'> {
  /** What the consumer does, to follow its name. */
  readonly words: string;
}

const timeBreach = (queue: Queue, above: number | undefined): Breach | undefined => {
  if (above === undefined) return undefined;
  const breach = (value: number, words: string): Breach | undefined =>
    value > above
      ? { value, bound: above, unit: 'ns', words: `${words}, above ${formatDuration(above)}` }
      : undefined;
  if (queue.lagSeconds !== null) {
    const lag = queue.lagSeconds * NANOS_PER_SECOND;
    return breach(lag, `is ${formatDuration(lag)} behind`);
  }
  // Without the consumer's position there is no lag; what the handled messages waited is the next best.
  const waited = queue.timeInQueue.p99;
  return breach(waited, `gets messages that waited ${formatDuration(waited)} (p99; its lag is unknown)`);
};

const countBreach = ({ backlog }: Queue, messages: number | undefined): Breach | undefined =>
  messages !== undefined && backlog !== null && backlog > messages
    ? {
        value: backlog,
        bound: messages,
        unit: 'messages',
        words: `has ${backlog} messages waiting, above ${messages}`,
      }
    : undefined;

const rates = (queue: Queue): string => {
  const drain = queue.drainSeconds;
  const drained =
    drain === undefined
      ? ''
      : `, caught up in about ${formatDuration(drain * NANOS_PER_SECOND)} at this pace`;
  const perSecond = (rate: number): string => String(Number(rate.toPrecision(3)));
  return `${perSecond(queue.publishedPerSecond)}/s arrive, ${perSecond(queue.processedPerSecond)}/s are processed${drained}`;
};

/** Consumers that are further behind than either of the rule's limits. */
export const laggingQueues = (
  rule: RuleOf<'queue-lag'>,
  { queues }: Observations,
): readonly Sample[] | undefined =>
  queues?.flatMap((queue) => {
    const { system, destination, consumerGroup } = queue;
    if (!applies(rule, { system, destination, consumerGroup })) return [];
    const breaches = [timeBreach(queue, rule.above), countBreach(queue, rule.messages)];
    const broken = breaches.filter((breach) => breach !== undefined);
    const [first] = broken;
    if (first === undefined) return [];
    const consumer = consumerGroup === '' ? 'The consumer' : consumerGroup;
    const words = broken.map((breach) => breach.words).join(' and ');
    const sample: Sample = {
      place: [system, destination, consumerGroup],
      where: { system, destination, consumerGroup },
      severity: rule.severity,
      value: first.value,
      bound: first.bound,
      unit: first.unit,
      sentence: `${consumer} ${words} on ${destination} (${system}; ${queue.status}): ${rates(queue)}.`,
      exemplars: queue.exemplars.slice(0, MAX_EXEMPLARS),
    };
    return [sample];
  });
