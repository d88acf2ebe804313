import { formatDuration } from '../model/index.ts';
import type { Delivery, PathStep } from './types.ts';

export interface Story {
  readonly service: string;
  /** The entry answers somebody: a server span. */
  readonly answers: boolean;
  readonly failed: boolean;
  readonly responseDuration: number;
  readonly completionDuration: number;
  readonly responsePath: readonly PathStep[];
  readonly completionPath: readonly PathStep[];
  readonly deliveries: readonly Delivery[];
}

/** Work that ends this much after the answer, or earlier, is part of it: 1 ms. */
const AFTERMATH = 1_000_000;

/** What happened, in one or two sentences with numbers. */
export const sentenceOf = (story: Story): string => {
  const { answers, failed, responseDuration, completionDuration } = story;
  const subject = answers ? 'The user waited' : `${story.service} worked for`;
  const first = `${subject} ${formatDuration(responseDuration)}${failed ? ' and got an error' : ''}`;
  const after = completionDuration - responseDuration;
  const second =
    after > AFTERMATH
      ? ` The work finished ${formatDuration(after)} later${laidIn(story)}${twice(story)}.`
      : '';
  return `${first}${mostly(story)}.${second}`;
};

/** The service that took the largest part of the answer's time. */
const mostly = ({ responsePath, responseDuration, service }: Story): string => {
  const [name, time] = largest(responsePath, (step) => placeOf(step));
  if (name === undefined || responseDuration <= 0) return '';
  const share = Math.round((100 * time) / responseDuration);
  if (name === service && share === 100) return '';
  return `, ${share} % of it in ${name}`;
};

/** A call's time passes at its remote; the step's label begins with the remote's name. */
const placeOf = (step: PathStep): string | undefined => {
  if (step.kind === 'queue') return undefined;
  return step.kind === 'call' ? (step.label.split(' ', 1)[0] ?? step.service) : step.service;
};

const laidIn = ({ completionPath }: Story): string => {
  const [name, time] = largest(completionPath, (step) => (step.kind === 'queue' ? step.label : undefined));
  return name === undefined ? '' : `: it lay ${formatDuration(time)} in ${name}`;
};

/** Who handled a message again that was already handled. */
const twice = (story: Story): string => {
  const services = new Set(
    story.deliveries.flatMap((one) => (one.duplicateOf === undefined ? [] : [one.consumerService])),
  );
  if (services.size === 0) return '';
  const it = laidIn(story) === '' ? 'a message' : 'it';
  return `, and ${[...services].join(' and ')} handled ${it} more than once`;
};

const largest = (
  steps: readonly PathStep[],
  nameOf: (step: PathStep) => string | undefined,
): [string | undefined, number] => {
  const times = new Map<string, number>();
  for (const step of steps) {
    const name = nameOf(step);
    if (name !== undefined) times.set(name, (times.get(name) ?? 0) + step.duration);
  }
  let best: [string | undefined, number] = [undefined, 0];
  for (const [name, time] of times) if (time > best[1]) best = [name, time];
  return best;
};
