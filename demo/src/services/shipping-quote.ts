import { ShopDatabase } from '../kit/database.ts';
import { createApp, serveApp } from '../kit/http.ts';
import { runService } from '../kit/service.ts';
import { settings } from '../kit/settings.ts';

await runService(async () => {
  const database = new ShopDatabase(settings.required('SHOP_DB'), () => settings.number('QUERY_MS', 0));
  const app = createApp();

  app.get('/rates/:country', async (context) => {
    const country = context.req.param('country');
    const row = await database.get<{ cents: number }>('SELECT cents FROM rates WHERE country = ?', country);
    if (!row) return context.json({ error: `we do not ship to ${country}` }, 404);
    const parcels = Number(context.req.query('parcels') ?? 1);
    return context.json({ country, cents: row.cents * parcels });
  });

  const server = await serveApp(app);
  return {
    stop: async () => {
      await server.stop();
      database.close();
    },
  };
});
