import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ServerWritableStream, status } from '@grpc/grpc-js';
import { ShopDatabase } from '../kit/database.ts';
import { asStatus, GrpcFailure, loadService, serveGrpc, unary } from '../kit/grpc.ts';
import { requestJson } from '../kit/http.ts';
import { runService } from '../kit/service.ts';
import { settings } from '../kit/settings.ts';

interface Charge {
  readonly orderId: string;
  readonly customer: string;
  readonly amountCents: number;
}

interface AuthorizationStep {
  readonly state: 'CARD_CHECKED' | 'RESERVED' | 'AUTHORIZED';
  readonly authorizationId: string;
}

/** How long the card network takes for each step. */
const STEP_MS = 8;
const QUOTE_TIMEOUT_MS = 25_000;

await runService(async () => {
  const shippingQuote = settings.required('SHIPPING_QUOTE_URL');
  const database = new ShopDatabase(settings.required('SHOP_DB'));

  const authorize = async (call: ServerWritableStream<Charge, AuthorizationStep>): Promise<void> => {
    const { orderId, amountCents } = call.request;
    const authorizationId = randomUUID();
    await sleep(STEP_MS);
    call.write({ state: 'CARD_CHECKED', authorizationId: '' });
    await sleep(STEP_MS);
    call.write({ state: 'RESERVED', authorizationId: '' });
    await database.run(
      'INSERT INTO payments (order_id, authorization_id, amount_cents) VALUES (?, ?, ?)',
      orderId,
      authorizationId,
      amountCents,
    );
    call.write({ state: 'AUTHORIZED', authorizationId });
    call.end();
  };

  const server = await serveGrpc(loadService('payment.proto', 'shop.Payment'), {
    Authorize: (call: ServerWritableStream<Charge, AuthorizationStep>) => {
      authorize(call).catch((error: unknown) => call.emit('error', asStatus(error)));
    },

    Refund: unary<{ orderId: string; country: string }, { amountCents: number }>(
      async ({ orderId, country }) => {
        const paid = await database.get<{ amount_cents: number }>(
          'SELECT amount_cents FROM payments WHERE order_id = ?',
          orderId,
        );
        if (!paid) throw new GrpcFailure(status.NOT_FOUND, `order ${orderId} was never paid`);
        const freight = await requestJson<{ cents: number }>(
          `${shippingQuote}/rates/${encodeURIComponent(country)}?parcels=1`,
          { timeoutMs: QUOTE_TIMEOUT_MS },
        );
        return { amountCents: Math.max(0, paid.amount_cents - freight.cents) };
      },
    ),
  });

  return {
    stop: async () => {
      await server.stop();
      database.close();
    },
  };
});
