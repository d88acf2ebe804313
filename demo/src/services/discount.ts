import { createApp, requestJson, serveApp } from '../kit/http.ts';
import { runService } from '../kit/service.ts';
import { settings } from '../kit/settings.ts';

await runService(async () => {
  const loyalty = settings.required('LOYALTY_URL');
  const app = createApp();

  app.get('/discounts/:customer', async (context) => {
    const customer = context.req.param('customer');
    const { points } = await requestJson<{ points: number }>(
      `${loyalty}/points/${encodeURIComponent(customer)}`,
    );
    return context.json({ customer, percent: Math.min(15, Math.floor(points / 100)) });
  });

  return serveApp(app);
});
