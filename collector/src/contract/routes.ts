import { createRoute, z } from '@hono/zod-openapi';
import { Chains, Queues, Series, SeriesQuery, ServiceMap } from './aggregates.ts';
import { Alerts, NewSilence, Rules, Silence } from './alert.ts';
import { ApiError, RangeQuery, TraceId } from './common.ts';
import { Findings, FindingsQuery } from './finding.ts';
import { Flow } from './flow.ts';
import { Status } from './status.ts';
import { Trace, Traces, TracesQuery } from './trace.ts';

const json = <T extends z.ZodType>(schema: T, description: string) => ({
  content: { 'application/json': { schema } },
  description,
});

const failures = {
  400: json(ApiError, 'the request is wrong; the message says how'),
  404: json(ApiError, 'nothing has this id'),
  503: json(ApiError, 'the store cannot answer now'),
};

const TraceParams = z.object({ traceId: TraceId });

const TraceWindow = z.object({
  from: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(100_000).default(10_000),
});

/** Every route of the API under `/api/v1`, with what it takes and returns. */
export const routes = {
  status: createRoute({
    method: 'get',
    path: '/status',
    summary: 'What the collector holds and receives',
    responses: { 200: json(Status, 'status'), ...failures },
  }),
  traces: createRoute({
    method: 'get',
    path: '/traces',
    summary: 'Search traces',
    request: { query: TracesQuery },
    responses: { 200: json(Traces, 'summaries'), ...failures },
  }),
  trace: createRoute({
    method: 'get',
    path: '/traces/{traceId}',
    summary: 'The spans of one trace',
    request: { params: TraceParams, query: TraceWindow },
    responses: { 200: json(Trace, 'spans by start'), ...failures },
  }),
  flow: createRoute({
    method: 'get',
    path: '/flows/{traceId}',
    summary: 'Everything that one entry caused, across traces and queues',
    request: { params: TraceParams },
    responses: { 200: json(Flow, 'the flow'), ...failures },
  }),
  map: createRoute({
    method: 'get',
    path: '/map',
    summary: 'Services and queues, and who calls whom',
    request: { query: RangeQuery },
    responses: { 200: json(ServiceMap, 'nodes and edges'), ...failures },
  }),
  chains: createRoute({
    method: 'get',
    path: '/chains',
    summary: 'Synchronous chains, most dangerous first',
    request: { query: RangeQuery },
    responses: { 200: json(Chains, 'chains'), ...failures },
  }),
  queues: createRoute({
    method: 'get',
    path: '/queues',
    summary: 'Queues per consumer group',
    request: { query: RangeQuery },
    responses: { 200: json(Queues, 'queues'), ...failures },
  }),
  findings: createRoute({
    method: 'get',
    path: '/findings',
    summary: 'What is wrong or risky, with evidence',
    request: { query: FindingsQuery },
    responses: { 200: json(Findings, 'findings'), ...failures },
  }),
  series: createRoute({
    method: 'get',
    path: '/series',
    summary: 'Columns for charts',
    request: { query: SeriesQuery },
    responses: { 200: json(Series, 'series'), ...failures },
  }),
  alerts: createRoute({
    method: 'get',
    path: '/alerts',
    summary: 'Alerts and their states',
    responses: { 200: json(Alerts, 'alerts'), ...failures },
  }),
  rules: createRoute({
    method: 'get',
    path: '/rules',
    summary: 'The rules in force',
    responses: { 200: json(Rules, 'rules'), ...failures },
  }),
  silence: createRoute({
    method: 'post',
    path: '/silences',
    summary: 'Silence a rule or one alert for a while',
    request: { body: { content: { 'application/json': { schema: NewSilence } }, required: true } },
    responses: { 201: json(Silence, 'the silence'), ...failures },
  }),
};
