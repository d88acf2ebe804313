import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { ShopDatabase } from '../kit/database.ts';
import { GrpcClient, GrpcFailure, loadService, serveGrpc, unary } from '../kit/grpc.ts';
import type { NewOrder, Order, OrderEvent, OrderSubject } from '../kit/messages.ts';
import { connectBroker } from '../kit/nats.ts';
import { runService } from '../kit/service.ts';
import { settings } from '../kit/settings.ts';
import { FraudChecks } from './orders/fraud-checks.ts';

await runService(async () => {
  const database = new ShopDatabase(settings.required('SHOP_DB'));
  const inventory = new GrpcClient(
    loadService('inventory.proto', 'shop.Inventory'),
    settings.required('INVENTORY_ADDRESS'),
  );
  const payment = new GrpcClient(
    loadService('payment.proto', 'shop.Payment'),
    settings.required('PAYMENT_ADDRESS'),
  );
  const broker = await connectBroker('orders');
  const fraudChecks = settings.flag('CHECK_FRAUD_BY_MESSAGE') ? await FraudChecks.start(broker) : undefined;

  const publish = async (
    subject: OrderSubject,
    { id: orderId, status: _, ...rest }: Order,
  ): Promise<void> => {
    const event: OrderEvent = { orderId, ...rest };
    await broker.jetstream.publish(subject, JSON.stringify(event), { msgID: `${orderId}:${subject}` });
  };

  const authorize = async ({ id, customer, amountCents }: Order): Promise<void> => {
    const steps = payment.stream<object, { state: string }>('Authorize', {
      orderId: id,
      customer,
      amountCents,
    });
    let last = 'no answer';
    for await (const step of steps) last = step.state;
    if (last !== 'AUTHORIZED')
      throw new GrpcFailure(status.FAILED_PRECONDITION, `payment ended with ${last}`);
  };

  const find = async (id: string): Promise<Order> => {
    const order = await database.get<Order>(
      'SELECT id, customer, product, quantity, amount_cents AS amountCents, status FROM orders WHERE id = ?',
      id,
    );
    if (!order) throw new GrpcFailure(status.NOT_FOUND, `no order ${id}`);
    return order;
  };

  const moveTo = async (id: string, next: 'completed' | 'cancelled'): Promise<Order> => {
    const order = await find(id);
    if (order.status === 'cancelled')
      throw new GrpcFailure(status.FAILED_PRECONDITION, `order ${id} was returned`);
    await database.run('UPDATE orders SET status = ? WHERE id = ?', next, id);
    return { ...order, status: next };
  };

  const server = await serveGrpc(loadService('orders.proto', 'shop.Orders'), {
    Create: unary<NewOrder, Order>(async (wanted) => {
      const order: Order = { ...wanted, id: randomUUID(), status: 'created' };
      const { id, customer, product, quantity, amountCents } = order;
      await inventory.call('Reserve', { orderId: id, product, quantity });
      await fraudChecks?.ask(id, amountCents);
      await authorize(order);
      await database.run(
        'INSERT INTO orders (id, customer, product, quantity, amount_cents, status) VALUES (?, ?, ?, ?, ?, ?)',
        id,
        customer,
        product,
        quantity,
        amountCents,
        order.status,
      );
      await publish('orders.created', order);
      return order;
    }),

    Get: unary<{ id: string }, Order>(({ id }) => find(id)),

    Complete: unary<{ id: string }, Order>(async ({ id }) => {
      const order = await moveTo(id, 'completed');
      await publish('orders.completed', order);
      return order;
    }),

    Cancel: unary<{ id: string }, Order>(async ({ id }) => {
      const order = await moveTo(id, 'cancelled');
      await inventory.call('Release', { orderId: id, product: order.product, quantity: order.quantity });
      await publish('orders.cancelled', order);
      return order;
    }),
  });

  return {
    stop: async () => {
      await server.stop();
      await broker.connection.drain();
      inventory.close();
      payment.close();
      database.close();
    },
  };
});
