import { setTimeout as sleep } from 'node:timers/promises';
import { AckPolicy, connect, DeliverPolicy, type JsMsg, nanos } from 'nats';
import { ShopDatabase } from '../kit/database.ts';
import { createApp, serveApp } from '../kit/http.ts';
import type { OrderEvent } from '../kit/messages.ts';
import { runService } from '../kit/service.ts';
import { settings } from '../kit/settings.ts';
import { recordWait } from '../kit/waits.ts';

/** How many invoices are written at once: the broker hands out no more than this. */
const WORKERS = 20;

/** The oldest of the consumers: still on the 2.x client, and it trusts that each message comes once. */
await runService(async () => {
  const database = new ShopDatabase(settings.required('SHOP_DB'));
  const connection = await connect({
    servers: settings.required('NATS_URL'),
    name: 'billing',
    maxReconnectAttempts: -1,
  });
  const manager = await connection.jetstreamManager();
  await manager.consumers.add('ORDERS', {
    durable_name: 'billing',
    filter_subject: 'orders.created',
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(settings.number('ACK_WAIT_MS', 30_000)),
    max_ack_pending: WORKERS,
  });
  const consumer = await connection.jetstream().consumers.get('ORDERS', 'billing');
  const messages = await consumer.consume({ max_messages: WORKERS });

  const charge = async (message: JsMsg): Promise<void> => {
    const { orderId, amountCents } = message.json<OrderEvent>();
    recordWait('billing', message, orderId);
    const workMs = settings.number('WORK_MS', 25);
    await sleep(message.redelivered ? workMs : settings.number('FIRST_DELIVERY_WORK_MS', workMs));
    await database.run(
      'INSERT INTO charges (order_id, amount_cents, delivery) VALUES (?, ?, ?)',
      orderId,
      amountCents,
      message.info.deliveryCount,
    );
    message.ack();
  };

  const consume = async (): Promise<void> => {
    const underWay = new Set<Promise<void>>();
    for await (const message of messages) {
      const work = charge(message)
        .catch((error: unknown) => {
          console.error(`${message.subject}: ${error instanceof Error ? error.message : error}`);
          message.nak(1_000);
        })
        .finally(() => underWay.delete(work));
      underWay.add(work);
    }
    await Promise.all(underWay);
  };
  const consuming = consume();

  const server = await serveApp(createApp());
  return {
    stop: async () => {
      await server.stop();
      messages.stop();
      await consuming;
      await connection.drain();
      database.close();
    },
  };
});
