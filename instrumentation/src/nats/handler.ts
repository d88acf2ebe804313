import { context } from '@opentelemetry/api';
import type { MessageLike } from './client.ts';
import { quietly } from './host.ts';
import type { Processing } from './processing.ts';

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';

/**
 * Runs a callback for a message inside its span. What the callback throws is thrown on unchanged, and a
 * rejected promise stays as unhandled as it was: the clients ignore what callbacks return.
 */
export const runHandler = (begin: () => Processing | undefined, handler: () => unknown): unknown => {
  const processing = quietly(begin);
  if (!processing) return handler();
  let result: unknown;
  try {
    result = context.with(processing.context, handler);
  } catch (error) {
    quietly(() => {
      processing.failed(error);
      processing.handled(true);
    });
    throw error;
  }
  if (!isThenable(result)) {
    quietly(() => processing.handled());
    return result;
  }
  result.then(
    () => quietly(() => processing.handled(true)),
    (error) => {
      quietly(() => {
        processing.failed(error);
        processing.handled(true);
      });
      throw error;
    },
  );
  return result;
};

/** A message of the server about the subscription (no responders, end of a batch), not of an application. */
export const isStatusMessage = (message: MessageLike): boolean =>
  message.data.length === 0 && (message.headers?.code ?? 0) > 0;
