import { OpenAPIHono } from '@hono/zod-openapi';
import { secureHeaders } from 'hono/secure-headers';
import type { Alerts as AlertService } from '../alerts/index.ts';
import type { Queue, TimeRange } from '../analysis/index.ts';
import type { BrokerStatus } from '../brokers/index.ts';
import { routes, type Status } from '../contract/index.ts';
import { type EngineClient, toJson } from '../engine/index.ts';
import { fromMillis, type TraceId, traceId } from '../model/index.ts';
import { isTraceQl, parseTraceQl, parseWords, type TraceWords } from '../query/index.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { answerError, apiError, RequestError } from './errors.ts';
import { sendJson, wrapJson } from './json-text.ts';
import { LiveFeed } from './live.ts';
import { metricsText } from './metrics.ts';
import { timeRange } from './range.ts';
import { seriesRequest } from './series-request.ts';
import { serveUi } from './static.ts';

export interface ApiOptions {
  readonly engine: EngineClient;
  readonly alerts: AlertService;
  /** The queues of a range, with what brokers know of them. */
  readonly queues: (range: TimeRange) => Promise<readonly Queue[]>;
  readonly brokers: () => BrokerStatus[];
  readonly version: string;
  readonly listeners: () => Status['listeners'];
  readonly isReady: () => boolean;
  readonly uptimeSeconds: () => number;
  /** Folder of the built explorer. */
  readonly uiFolder: string;
}

/** The API under `/api/v1`, health, metrics, and the explorer. */
export const createApi = (options: ApiOptions): { app: OpenAPIHono; close: () => void } => {
  const live = new LiveFeed(options.engine, options.alerts);
  const app = new OpenAPIHono();
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        frameAncestors: ["'none'"],
      },
      strictTransportSecurity: false,
    }),
  );
  app.onError(answerError);
  app.get('/healthz', (c) => c.text('ok'));
  app.get('/readyz', (c) => (options.isReady() ? c.text('ready') : c.text('not ready', 503)));
  app.get('/metrics', async (c) => c.text(metricsText(await options.engine.call('status'))));
  app.route('/api/v1', apiRoutes(options));
  app.get('/api/v1/live', (c) => live.subscribe(c));
  app.doc31('/api/v1/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Tailrace', version: options.version },
    servers: [{ url: '/' }],
  });
  app.all('/api/*', (c) =>
    c.json(apiError('not_found', `${c.req.path} is no route of this API`, 'see /api/v1/openapi.json'), 404),
  );
  serveUi(app, options.uiFolder);
  return { app, close: () => live.close() };
};

const found = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new RequestError('not_found', what, 404);
  return value;
};

const unknownTrace = (id: string): string =>
  `no trace ${id}: it may not have arrived yet, or retention has taken it away`;

/** Words go into the filter of summaries; TraceQL is checked here, so that its mistakes are answered at once. */
const readQuery = (text: string): { words: TraceWords; traceQl?: string } => {
  if (!isTraceQl(text)) return { words: parseWords(text) };
  parseTraceQl(text);
  return { words: {}, traceQl: text };
};

const validTraceId = (text: string): TraceId => {
  const id = traceId(text);
  if (!id) throw new RequestError('invalid_request', 'a trace id is 32 hexadecimal digits, not all zero');
  return id;
};

const apiRoutes = ({ engine, alerts, queues, brokers, version, listeners, uptimeSeconds }: ApiOptions) => {
  const now = Date.now;
  return new OpenAPIHono({
    defaultHook: (result, c) => {
      if (result.success) return undefined;
      const message = result.error.issues
        .map((issue) => `${issue.path.join('.')}: ${issue.message}`)
        .join('; ');
      return c.json(apiError('invalid_request', message), 400);
    },
  })
    .openapi(routes.status, async (c) => {
      const status = await engine.call('status');
      const { head, ...storage } = status.storage;
      return c.json(
        {
          version,
          uptimeSeconds: uptimeSeconds(),
          now: String(fromMillis(now())),
          listeners: listeners(),
          storage: {
            ...storage,
            oldest: storage.oldest?.toString() ?? null,
            newest: storage.newest?.toString() ?? null,
          },
          ingest: status.ingest,
          head,
          brokers: brokers(),
          senders: status.senders.map((sender) => ({ ...sender, lastSeen: String(sender.lastSeen) })),
        },
        200,
      );
    })
    .openapi(routes.traces, async (c) => {
      const { q, limit, sort, cursor, ...query } = c.req.valid('query');
      const { words, traceQl } = readQuery(q ?? '');
      const filter = { ...timeRange(query, now()), ...words };
      const after = cursor === undefined ? {} : { after: readCursor(cursor) };
      const { traces, next } = await engine.call('search', { filter, sort, limit, ...after }, traceQl);
      return sendJson(c, toJson({ traces, ...(next ? { cursor: writeCursor(next) } : {}) }));
    })
    .openapi(routes.trace, async (c) => {
      const id = validTraceId(c.req.valid('param').traceId);
      const { from, limit } = c.req.valid('query');
      return sendJson(c, found(await engine.json('trace', id, from, limit), unknownTrace(id)));
    })
    .openapi(routes.flow, async (c) => {
      const id = validTraceId(c.req.valid('param').traceId);
      return sendJson(c, found(await engine.json('flow', id), unknownTrace(id)));
    })
    .openapi(routes.map, async (c) => {
      const range = timeRange(c.req.valid('query'), now());
      return sendJson(c, found(await engine.json('map', range), 'no map'));
    })
    .openapi(routes.chains, async (c) => {
      const range = timeRange(c.req.valid('query'), now());
      return sendJson(c, wrapJson('chains', found(await engine.json('chains', range), 'no chains')));
    })
    .openapi(routes.queues, async (c) => {
      const range = timeRange(c.req.valid('query'), now());
      return sendJson(c, toJson({ queues: await queues(range) }));
    })
    .openapi(routes.findings, async (c) => {
      const { type, ...query } = c.req.valid('query');
      const json = await engine.json('findings', timeRange(query, now()), type);
      return sendJson(c, wrapJson('findings', found(json, 'no findings')));
    })
    .openapi(routes.series, async (c) => {
      const query = c.req.valid('query');
      const range = timeRange(query, now());
      const json = await engine.json('series', range, seriesRequest(query, range));
      return sendJson(c, found(json, 'no series'));
    })
    .openapi(routes.alerts, (c) => c.json(alerts.alerts(), 200))
    .openapi(routes.rules, (c) => c.json(alerts.rulesView(), 200))
    .openapi(routes.silence, async (c) => c.json(await alerts.silence(c.req.valid('json')), 201));
};
