import { Bulkhead } from '../kit/bulkhead.ts';
import { GrpcClient, loadService } from '../kit/grpc.ts';
import { createApp, requestJson, serveApp } from '../kit/http.ts';
import type { NewOrder, Order } from '../kit/messages.ts';
import { runService } from '../kit/service.ts';
import { settings } from '../kit/settings.ts';

interface Cart {
  readonly customer: string;
  readonly product: string;
  readonly quantity: number;
  readonly priceCents: number;
  readonly country: string;
}

/** Generous, and that is the trouble in `3am-cascade`: a slow neighbour may hold a slot this long. */
const QUOTE_TIMEOUT_MS = 25_000;

await runService(async () => {
  const discount = settings.required('DISCOUNT_URL');
  const shippingQuote = settings.required('SHIPPING_QUOTE_URL');
  const orders = new GrpcClient(
    loadService('orders.proto', 'shop.Orders'),
    settings.required('ORDERS_ADDRESS'),
  );
  const payment = new GrpcClient(
    loadService('payment.proto', 'shop.Payment'),
    settings.required('PAYMENT_ADDRESS'),
  );
  const bulkhead = new Bulkhead(settings.number('SLOTS', 12), settings.number('SLOT_WAIT_MS', 10_000));
  const app = createApp();

  const quote = (country: string, quantity: number): Promise<{ cents: number }> =>
    requestJson(`${shippingQuote}/rates/${encodeURIComponent(country)}?parcels=${quantity}`, {
      timeoutMs: QUOTE_TIMEOUT_MS,
    });

  app.use(async (context, next) => (context.req.path === '/health' ? next() : bulkhead.run(next)));

  app.post('/orders', async (context) => {
    const cart = await context.req.json<Cart>();
    const { percent } = await requestJson<{ percent: number }>(
      `${discount}/discounts/${encodeURIComponent(cart.customer)}`,
    );
    const freight = await quote(cart.country, cart.quantity);
    const goods = cart.quantity * cart.priceCents;
    const order = await orders.call<NewOrder, Order>(
      'Create',
      {
        customer: cart.customer,
        product: cart.product,
        quantity: cart.quantity,
        amountCents: Math.round(goods * (1 - percent / 100)) + freight.cents,
      },
      15_000,
    );
    return context.json(order, 201);
  });

  app.get('/quote', async (context) =>
    context.json(
      await quote(context.req.query('country') ?? 'DE', Number(context.req.query('parcels') ?? 1)),
    ),
  );

  app.get('/orders/:id', async (context) =>
    context.json(await orders.call<{ id: string }, Order>('Get', { id: context.req.param('id') })),
  );

  app.post('/orders/:id/received', async (context) =>
    context.json(await orders.call<{ id: string }, Order>('Complete', { id: context.req.param('id') })),
  );

  app.post('/orders/:id/return', async (context) => {
    const id = context.req.param('id');
    const { country } = await context.req.json<{ country: string }>();
    const refund = await payment.call<object, { amountCents: number }>(
      'Refund',
      { orderId: id, country },
      QUOTE_TIMEOUT_MS,
    );
    const order = await orders.call<{ id: string }, Order>('Cancel', { id });
    return context.json({ ...order, refundCents: refund.amountCents });
  });

  const server = await serveApp(app);
  return {
    stop: async () => {
      await server.stop();
      orders.close();
      payment.close();
    },
  };
});
