/** What makes a queue one: who carries it, its name, and who reads. */
export interface QueueKey {
  readonly system: string;
  readonly destination: string;
  readonly consumerGroup: string;
}

/** One part of a path that names the queue, whatever characters its names hold. */
export const queueId = ({ system, destination, consumerGroup }: QueueKey): string =>
  [system, destination, consumerGroup].map(encodeURIComponent).join(':');

/** The queue that a part of a path names, or undefined where it is no such thing. */
export const queueOf = (id: string): QueueKey | undefined => {
  const parts = id.split(':');
  if (parts.length !== 3) return undefined;
  try {
    const [system = '', destination = '', consumerGroup = ''] = parts.map(decodeURIComponent);
    return { system, destination, consumerGroup };
  } catch {
    return undefined;
  }
};

export const isSameQueue = (labels: Readonly<Record<string, string>>, queue: QueueKey): boolean =>
  (labels.system ?? queue.system) === queue.system &&
  labels.destination === queue.destination &&
  (labels.consumerGroup ?? '') === queue.consumerGroup;

/** The filter of `/api/v1/series` for one queue; names that its grammar cannot say are left to the caller to sort out. */
export const seriesFilter = ({ destination, consumerGroup }: QueueKey): string =>
  [
    ['destination', destination],
    ['consumerGroup', consumerGroup],
  ]
    .filter(([, value]) => value !== undefined && value !== '' && !/[,:]/.test(value))
    .map(([label, value]) => `${label}:${value}`)
    .join(',');
