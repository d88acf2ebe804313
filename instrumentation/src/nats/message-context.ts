import { context, trace } from '@opentelemetry/api';
import { VERSION } from '../version.ts';
import type { MessageLike } from './client.ts';
import { runHandler } from './handler.ts';
import type { Host } from './host.ts';
import { processingOf } from './processing.ts';
import { beginProcessing } from './subscribe.ts';

const host: Host = {
  tracer: () => trace.getTracer('@tailrace/instrumentation', VERSION),
  enabled: () => true,
  config: () => ({}),
};

/** What `withMessageContext` needs of a message: any client's `Msg` or `JsMsg` has it. */
export type ContextMessage = MessageLike;

/**
 * Runs `work` in the context of a message and returns what it returns. For the places that the instrumentation
 * cannot see: after `consumer.next()`, in a worker that a loop hands messages to, in bundled code.
 *
 * A message that is being processed lends the context of its span; any other one gets a span of its own,
 * child of what published it, until `work` (or its promise) is done.
 */
export const withMessageContext = <T>(message: ContextMessage, work: () => T): T => {
  const processing = processingOf(message);
  if (processing) return context.with(processing.context, work);
  return runHandler(() => beginProcessing({ host, protocol: undefined }, message), work);
};
