import type { OpenAPIHono } from '@hono/zod-openapi';
import type { routes } from './routes.ts';

type Routes = typeof routes;

/** Adds the routes one by one, as the server does; only its type is used. */
declare const declared: OpenAPIHono;
const addAll = (all: Routes) => {
  const answer = undefined as never;
  return declared
    .basePath('/api/v1')
    .openapi(all.status, () => answer)
    .openapi(all.traces, () => answer)
    .openapi(all.trace, () => answer)
    .openapi(all.flow, () => answer)
    .openapi(all.map, () => answer)
    .openapi(all.chains, () => answer)
    .openapi(all.queues, () => answer)
    .openapi(all.findings, () => answer)
    .openapi(all.series, () => answer)
    .openapi(all.alerts, () => answer)
    .openapi(all.rules, () => answer)
    .openapi(all.silence, () => answer);
};

/** The whole API as a type, for Hono's client: `hc<Api>(origin)`. */
export type Api = ReturnType<typeof addAll>;
