import type { Messaging, Span, TraceId } from '../model/index.ts';
import { messagingOf } from '../model/index.ts';

/** What the store must index of a trace so that flows join across traces. */
export interface StitchKeys {
  /** Other traces that this trace's spans link to. */
  readonly linkedTraces: TraceId[];
  /** Keys of messages that this trace published; a consumer's trace holds the same under `consumed`. */
  readonly produced: string[];
  readonly consumed: string[];
}

/** Every name under which one message may be found again, the surest first. */
export const messageKeys = (messaging: Messaging): string[] => {
  const { system, destination } = messaging;
  const keys: string[] = [];
  if (messaging.streamPosition !== undefined) keys.push(`${system} seq ${messaging.streamPosition}`);
  if (messaging.logPosition !== undefined) keys.push(`${system} log ${destination} ${messaging.logPosition}`);
  if (messaging.messageId !== undefined) keys.push(`${system} id ${destination} ${messaging.messageId}`);
  return keys;
};

/** The surest key of the one message that a span handles, or undefined where it names none. */
export const messageKey = (messaging: Messaging): string | undefined => messageKeys(messaging)[0];

export const stitchKeys = (spans: readonly Span[]): StitchKeys => {
  const own = new Set(spans.map((span) => span.traceId));
  const linkedTraces = new Set<TraceId>();
  const produced = new Set<string>();
  const consumed = new Set<string>();
  for (const span of spans) {
    for (const link of span.links) if (!own.has(link.traceId)) linkedTraces.add(link.traceId);
    const messaging = messagingOf(span);
    if (messaging === undefined) continue;
    const role = messaging.role;
    if (role === 'send') for (const key of messageKeys(messaging)) produced.add(key);
    if (role === 'receive' || role === 'process') for (const key of messageKeys(messaging)) consumed.add(key);
  }
  return { linkedTraces: [...linkedTraces], produced: [...produced], consumed: [...consumed] };
};
