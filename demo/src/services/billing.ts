import { setTimeout as sleep } from 'node:timers/promises';
import { AckPolicy, type ConsumerMessages, connect, DeliverPolicy, type JsMsg, nanos } from 'nats';
import { ShopDatabase } from '../kit/database.ts';
import { createApp, serveApp } from '../kit/http.ts';
import type { OrderEvent } from '../kit/messages.ts';
import { runService } from '../kit/service.ts';
import { settings } from '../kit/settings.ts';
import { recordWait } from '../kit/waits.ts';

/** How many invoices are written at once. */
const WORKERS = 8;
const FETCH_EXPIRES_MS = 10_000;

const complain = (about: string, error: unknown): void => {
  console.error(`${about}: ${error instanceof Error ? error.message : error}`);
};

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
  };

  let stopping = false;
  const batches = new Set<ConsumerMessages>();

  /** One message at a time, so that none waits behind another in this process while its ack wait runs out. */
  const worker = async (): Promise<void> => {
    while (!stopping) {
      try {
        await workThrough(await consumer.fetch({ max_messages: 1, expires: FETCH_EXPIRES_MS }));
      } catch (error) {
        complain('cannot fetch', error);
        await sleep(1_000);
      }
    }
  };

  const workThrough = async (batch: ConsumerMessages): Promise<void> => {
    batches.add(batch);
    for await (const message of batch) {
      try {
        await charge(message);
        message.ack();
      } catch (error) {
        complain(message.subject, error);
        message.nak(1_000);
      }
    }
    batches.delete(batch);
  };
  const workers = Array.from({ length: WORKERS }, worker);

  const server = await serveApp(createApp());
  return {
    stop: async () => {
      await server.stop();
      stopping = true;
      for (const batch of batches) batch.stop();
      await Promise.all(workers);
      await connection.drain();
      database.close();
    },
  };
});
