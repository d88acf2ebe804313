import type { ConsumerMessages } from '@nats-io/jetstream';
import type { FraudCheck, FraudScore } from '../../kit/messages.ts';
import { type Broker, ensureDurable } from '../../kit/nats.ts';
import { recordWait } from '../../kit/waits.ts';

const INSTANCE = `orders-${process.pid}`;
const REPLY_SUBJECT = `checks.answered.${INSTANCE}`;
const TIMEOUT_MS = 5_000;

/**
 * Asks analytics for a fraud score over the queue and waits for the answer's message: a synchronous call
 * in an asynchronous coat, with a broker in the middle of every order.
 */
export class FraudChecks {
  readonly #broker: Broker;
  readonly #waiting = new Map<string, (score: number) => void>();

  private constructor(broker: Broker) {
    this.#broker = broker;
  }

  static async start(broker: Broker): Promise<FraudChecks> {
    const checks = new FraudChecks(broker);
    await ensureDurable(broker, { stream: 'CHECKS', name: INSTANCE, subject: REPLY_SUBJECT });
    const consumer = await broker.jetstream.consumers.get('CHECKS', INSTANCE);
    void checks.#receive(await consumer.consume());
    return checks;
  }

  /** Rejects where no answer came within five seconds. */
  async ask(orderId: string, amountCents: number): Promise<number> {
    const check: FraudCheck = { orderId, amountCents, replyTo: REPLY_SUBJECT };
    const score = new Promise<number>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(orderId);
        reject(new Error(`no fraud score for order ${orderId} within ${TIMEOUT_MS} ms`));
      }, TIMEOUT_MS);
      this.#waiting.set(orderId, (value) => {
        clearTimeout(timer);
        resolve(value);
      });
    });
    await this.#broker.jetstream.publish('checks.requested', JSON.stringify(check));
    return score;
  }

  async #receive(messages: ConsumerMessages): Promise<void> {
    for await (const message of messages) {
      const { orderId, score } = message.json<FraudScore>();
      recordWait('orders', message, orderId);
      this.#waiting.get(orderId)?.(score);
      this.#waiting.delete(orderId);
      message.ack();
    }
  }
}
