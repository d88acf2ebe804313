import { ATTR } from './attributes.ts';
import type { PublishOptionsLike } from './client.ts';
import { quietly } from './host.ts';
import { processingOf, type Settlement } from './processing.ts';
import { markServiceError } from './request.ts';

interface StoredMessageLike {
  /** True once a final answer was given; the client ignores any further one. */
  readonly didAck: boolean;
}

type Settle = (argument?: unknown) => unknown;

/** `ack`, `nak(delay)`, `term(reason)` and `working` of JetStream messages. */
export const patchSettle =
  (how: Settlement) =>
  (original: Settle): Settle =>
    function settle(this: StoredMessageLike, argument) {
      const first = !this.didAck;
      const result = original.call(this, argument);
      if (first) {
        quietly(() =>
          processingOf(this)?.settle(how, {
            ...(how === 'nak' && typeof argument === 'number' ? { [ATTR.settleDelay]: argument } : {}),
            ...(how === 'term' && typeof argument === 'string' && argument !== ''
              ? { [ATTR.settleReason]: argument }
              : {}),
          }),
        );
      }
      return result;
    };

type AckAck = (options?: unknown) => Promise<boolean>;

/** `ackAck`, which waits until the server confirms: settled once it has. */
export const patchAckAck =
  () =>
  (original: AckAck): AckAck =>
    function ackAck(this: StoredMessageLike, options) {
      return original.call(this, options).then((confirmed) => {
        if (confirmed) quietly(() => processingOf(this)?.settle('ack'));
        return confirmed;
      });
    };

/** Called for each `msg.respond`: the request is answered, perhaps with a service's error. */
export const onRespond = (message: object, options: PublishOptionsLike | undefined): void => {
  const processing = processingOf(message);
  if (!processing) return;
  markServiceError(processing.span, options?.headers);
  processing.responded();
};
