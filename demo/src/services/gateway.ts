import { createApp, requestJson, serveApp } from '../kit/http.ts';
import { runService } from '../kit/service.ts';
import { settings } from '../kit/settings.ts';

/** The shop's front door. It waits for checkout longer than anybody in the shop should ever take. */
const TIMEOUT_MS = 30_000;

await runService(async () => {
  const checkout = settings.required('CHECKOUT_URL');
  const app = createApp();

  app.post('/checkout', async (context) => {
    const order = await requestJson<object>(`${checkout}/orders`, {
      method: 'POST',
      body: await context.req.json(),
      timeoutMs: TIMEOUT_MS,
    });
    return context.json(order, 201);
  });

  app.get('/quote', async (context) => {
    const query = new URLSearchParams(context.req.query());
    return context.json(await requestJson<object>(`${checkout}/quote?${query}`, { timeoutMs: TIMEOUT_MS }));
  });

  app.get('/orders/:id', async (context) => {
    const url = `${checkout}/orders/${encodeURIComponent(context.req.param('id'))}`;
    return context.json(await requestJson<object>(url, { timeoutMs: TIMEOUT_MS }));
  });

  app.post('/orders/:id/:action{received|return}', async (context) => {
    const { id, action } = context.req.param();
    const url = `${checkout}/orders/${encodeURIComponent(id)}/${action}`;
    const body = await context.req.json();
    return context.json(await requestJson<object>(url, { method: 'POST', body, timeoutMs: TIMEOUT_MS }));
  });

  return serveApp(app);
});
