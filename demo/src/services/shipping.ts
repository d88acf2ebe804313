import { setTimeout as sleep } from 'node:timers/promises';
import { ShopDatabase } from '../kit/database.ts';
import { createApp, serveApp } from '../kit/http.ts';
import type { Mail, OrderEvent } from '../kit/messages.ts';
import { connectBroker, consumeInTurn, ensureDurable } from '../kit/nats.ts';
import { runService } from '../kit/service.ts';
import { settings } from '../kit/settings.ts';
import { recordWait } from '../kit/waits.ts';

await runService(async () => {
  const database = new ShopDatabase(settings.required('SHOP_DB'));
  const broker = await connectBroker('shipping');
  await ensureDurable(broker, { stream: 'ORDERS', name: 'shipping', subject: 'orders.created' });
  const consumer = await broker.jetstream.consumers.get('ORDERS', 'shipping');
  const messages = await consumer.consume({ max_messages: 10 });

  const consuming = consumeInTurn(messages, async (message) => {
    const { orderId, customer } = message.json<OrderEvent>();
    recordWait('shipping', message, orderId);
    await sleep(settings.number('WORK_MS', 30));
    await database.run('INSERT OR IGNORE INTO shipments (order_id) VALUES (?)', orderId);
    const mail: Mail = { orderId, to: customer, template: 'your-parcel-is-on-its-way' };
    await broker.jetstream.publish('mail.queued', JSON.stringify(mail), { msgID: `${orderId}:mail` });
  });

  const server = await serveApp(createApp());
  return {
    stop: async () => {
      await server.stop();
      messages.stop();
      await consuming;
      await broker.connection.drain();
      database.close();
    },
  };
});
