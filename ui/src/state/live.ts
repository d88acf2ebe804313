import { signal } from '@preact/signals';
import type { LiveEvent } from '../../../collector/src/contract/index.ts';

/** `lost`: the collector was there, or should be, and does not answer. */
export type Connection = 'connecting' | 'open' | 'lost';

export const connection = signal<Connection>('connecting');
export const pulse = signal<LiveEvent['pulse'] | undefined>(undefined);
/** Counts the times that the connection came back; views load again when it changes. */
export const reconnects = signal(0);

type Listeners = { [K in keyof LiveEvent]: Set<(event: LiveEvent[K]) => void> };
const listeners: Listeners = { traces: new Set(), findings: new Set(), alerts: new Set(), pulse: new Set() };

/** Calls back for every such event until the returned function is called. */
export const onLive = <K extends keyof LiveEvent>(
  kind: K,
  callback: (event: LiveEvent[K]) => void,
): (() => void) => {
  const set: Set<(event: LiveEvent[K]) => void> = listeners[kind];
  set.add(callback);
  return () => set.delete(callback);
};

const RETRY_MS = 2_000;

const receive = <K extends keyof LiveEvent>(source: EventSource, kind: K): void => {
  source.addEventListener(kind, (message) => {
    const event = JSON.parse(String(message.data)) as LiveEvent[K];
    for (const callback of listeners[kind]) callback(event);
  });
};

/**
 * Opens the one event stream of the page and keeps it open. EventSource gives up after an HTTP error, so each
 * failure closes it and a new one is tried after a while.
 */
export const connect = (): void => {
  const source = new EventSource('/api/v1/live');
  for (const kind of Object.keys(listeners) as (keyof LiveEvent)[]) receive(source, kind);
  source.addEventListener('open', () => {
    if (connection.peek() === 'lost') reconnects.value++;
    connection.value = 'open';
  });
  source.addEventListener('error', () => {
    source.close();
    connection.value = 'lost';
    pulse.value = undefined;
    setTimeout(connect, RETRY_MS);
  });
};

onLive('pulse', (event) => {
  pulse.value = event;
});
