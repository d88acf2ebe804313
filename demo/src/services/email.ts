import { setTimeout as sleep } from 'node:timers/promises';
import type { JsMsg } from '@nats-io/jetstream';
import { createApp, serveApp } from '../kit/http.ts';
import type { StreamName } from '../kit/messages.ts';
import { connectBroker, ensureDurable } from '../kit/nats.ts';
import { runService } from '../kit/service.ts';
import { settings } from '../kit/settings.ts';
import { recordWait } from '../kit/waits.ts';

await runService(async () => {
  const broker = await connectBroker('email');

  const send = async (message: JsMsg): Promise<void> => {
    recordWait('email', message, message.json<{ orderId: string }>().orderId);
    await sleep(settings.number('WORK_MS', 20));
    message.ack();
  };

  const consume = async (stream: StreamName, name: string) => {
    await ensureDurable(broker, { stream, name, maxAckPending: 20 });
    const consumer = await broker.jetstream.consumers.get(stream, name);
    return consumer.consume({
      callback: (message) => {
        send(message).catch((error: unknown) => {
          console.error(`${message.subject}: ${error instanceof Error ? error.message : error}`);
          message.nak(1_000);
        });
      },
    });
  };

  const subscriptions = [await consume('ORDERS', 'email-orders'), await consume('MAIL', 'email-mail')];

  const server = await serveApp(createApp());
  return {
    stop: async () => {
      await server.stop();
      await Promise.all(subscriptions.map((messages) => messages.close()));
      await broker.connection.drain();
    },
  };
});
