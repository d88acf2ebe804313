import { context } from '@opentelemetry/api';
import type { MessageLike } from './client.ts';
import { quietly } from './host.ts';
import type { Processing } from './processing.ts';

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';

/**
 * Runs a handler of a message inside its span. What it throws is thrown on unchanged. A promise is passed on as
 * the one that follows it, so that a rejection stays as handled or unhandled as it was: the clients ignore what
 * callbacks return, and the process is to hear of it as before.
 */
export const runHandler = <T>(begin: () => Processing | undefined, handler: () => T): T => {
  const processing = quietly(begin);
  if (!processing) return handler();
  let result: T;
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
  return result.then(
    (value) => {
      quietly(() => processing.handled(true));
      return value;
    },
    (error) => {
      quietly(() => {
        processing.failed(error);
        processing.handled(true);
      });
      throw error;
    },
  ) as T;
};

/** A message of the server about the subscription (no responders, end of a batch), not of an application. */
export const isStatusMessage = (message: MessageLike): boolean =>
  message.data.length === 0 && (message.headers?.code ?? 0) > 0;
