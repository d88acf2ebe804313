import { setTimeout as sleep } from 'node:timers/promises';
import type { ConsumerMessages } from '@nats-io/jetstream';
import { createApp, serveApp } from '../kit/http.ts';
import type { FraudCheck, FraudScore, OrderEvent } from '../kit/messages.ts';
import { connectBroker, consumeInTurn, ensureDurable } from '../kit/nats.ts';
import { runService } from '../kit/service.ts';
import { settings } from '../kit/settings.ts';
import { recordWait } from '../kit/waits.ts';

await runService(async () => {
  const broker = await connectBroker('analytics');
  const revenueByProduct = new Map<string, number>();

  const open = async (
    stream: 'ORDERS' | 'CHECKS',
    name: string,
    subject?: string,
  ): Promise<ConsumerMessages> => {
    await ensureDurable(broker, {
      stream,
      name,
      ...(subject ? { subject } : {}),
      ackWaitMs: 60_000,
      maxAckPending: 5,
    });
    const consumer = await broker.jetstream.consumers.get(stream, name);
    return consumer.consume({ max_messages: 5 });
  };

  const events = await open('ORDERS', 'analytics');
  const consuming = [
    consumeInTurn(events, async (message) => {
      const { orderId, product, amountCents } = message.json<OrderEvent>();
      recordWait('analytics', message, orderId);
      await sleep(settings.number('WORK_MS', 5));
      const sign = message.subject === 'orders.cancelled' ? -1 : 1;
      const counts = message.subject === 'orders.completed' ? 0 : sign * amountCents;
      revenueByProduct.set(product, (revenueByProduct.get(product) ?? 0) + counts);
    }),
  ];
  const subscriptions = [events];

  if (settings.flag('CHECK_FRAUD_BY_MESSAGE')) {
    const checks = await open('CHECKS', 'analytics-checks', 'checks.requested');
    subscriptions.push(checks);
    consuming.push(
      consumeInTurn(checks, async (message) => {
        const { orderId, amountCents, replyTo } = message.json<FraudCheck>();
        recordWait('analytics', message, orderId);
        await sleep(settings.number('SCORE_MS', 150));
        const answer: FraudScore = { orderId, score: amountCents > 100_000 ? 0.4 : 0.1 };
        await broker.jetstream.publish(replyTo, JSON.stringify(answer));
      }),
    );
  }

  const app = createApp();
  app.get('/revenue', (context) => context.json(Object.fromEntries(revenueByProduct)));
  const server = await serveApp(app);
  return {
    stop: async () => {
      await server.stop();
      for (const messages of subscriptions) messages.stop();
      await Promise.all(consuming);
      await broker.connection.drain();
    },
  };
});
