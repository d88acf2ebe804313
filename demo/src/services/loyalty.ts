import { ShopDatabase } from '../kit/database.ts';
import { createApp, serveApp } from '../kit/http.ts';
import { runService } from '../kit/service.ts';
import { settings } from '../kit/settings.ts';

await runService(async () => {
  const database = new ShopDatabase(settings.required('SHOP_DB'));
  const app = createApp();

  app.get('/points/:customer', async (context) => {
    const customer = context.req.param('customer');
    const row = await database.get<{ points: number }>('SELECT points FROM customers WHERE id = ?', customer);
    return context.json({ customer, points: row?.points ?? 0 });
  });

  const server = await serveApp(app);
  return {
    stop: async () => {
      await server.stop();
      database.close();
    },
  };
});
