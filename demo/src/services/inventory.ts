import { status } from '@grpc/grpc-js';
import { ShopDatabase } from '../kit/database.ts';
import { GrpcFailure, loadService, serveGrpc, unary } from '../kit/grpc.ts';
import { runService } from '../kit/service.ts';
import { settings } from '../kit/settings.ts';

interface StockChange {
  readonly orderId: string;
  readonly product: string;
  readonly quantity: number;
}

interface Stock {
  readonly product: string;
  readonly available: number;
}

await runService(async () => {
  const database = new ShopDatabase(settings.required('SHOP_DB'), () => settings.number('QUERY_MS', 0));

  const stockOf = async (product: string): Promise<Stock> => {
    const stock = await database.get<Stock>(
      'SELECT product, available FROM stock WHERE product = ?',
      product,
    );
    if (!stock) throw new GrpcFailure(status.NOT_FOUND, `no product ${product}`);
    return stock;
  };

  const server = await serveGrpc(loadService('inventory.proto', 'shop.Inventory'), {
    Reserve: unary<StockChange, Stock>(async ({ product, quantity }) => {
      const taken = await database.run(
        'UPDATE stock SET available = available - ? WHERE product = ? AND available >= ?',
        quantity,
        product,
        quantity,
      );
      if (taken === 0) throw new GrpcFailure(status.FAILED_PRECONDITION, `${product} is sold out`);
      return stockOf(product);
    }),

    Release: unary<StockChange, Stock>(async ({ product, quantity }) => {
      await database.run('UPDATE stock SET available = available + ? WHERE product = ?', quantity, product);
      return stockOf(product);
    }),
  });

  return {
    stop: async () => {
      await server.stop();
      database.close();
    },
  };
});
