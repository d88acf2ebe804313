import { type ClientResponse, hc } from 'hono/client';
import type { Api, ApiError, NewSilence, TraceSort } from '../../../collector/src/contract/index.ts';

const client = hc<Api>(window.location.origin).api.v1;

/** What went wrong with a request, in words for the reader. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly code: string;
  /** What to do next, where the collector said so. */
  readonly hint: string | undefined;

  constructor(code: string, message: string, hint?: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

type Good<R> = R extends { readonly status: 200 | 201; json(): Promise<infer T> } ? T : never;

const failureOf = async (response: { status: number; json(): Promise<unknown> }): Promise<ApiFailure> => {
  const body = (await response.json().catch(() => undefined)) as Partial<ApiError> | undefined;
  const error = body?.error;
  if (typeof error?.message !== 'string')
    return new ApiFailure('http', `The collector answered with status ${response.status}.`);
  return new ApiFailure(error.code, error.message, error.hint);
};

/** The body of a good answer. Throws ApiFailure for every other one; an abort stays the AbortError that it is. */
const read = async <R extends ClientResponse<unknown>>(pending: Promise<R>): Promise<Good<R>> => {
  let response: R;
  try {
    response = await pending;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiFailure('unreachable', 'The collector does not answer.', 'Check that it still runs.');
  }
  if (!response.ok) throw await failureOf(response);
  return (await response.json()) as Good<R>;
};

/** Bounds in Unix nanoseconds. */
export interface Bounds {
  readonly start: string;
  readonly end: string;
}

export interface TraceSearch extends Bounds {
  readonly q: string;
  readonly sort: TraceSort;
  readonly limit: number;
  readonly cursor?: string;
}

const init = (signal?: AbortSignal) => (signal ? { init: { signal } } : {});

export const api = {
  status: (signal?: AbortSignal) => read(client.status.$get({}, init(signal))),
  traces: ({ q, sort, limit, cursor, start, end }: TraceSearch, signal?: AbortSignal) =>
    read(
      client.traces.$get(
        {
          query: {
            start,
            end,
            sort,
            limit: String(limit),
            ...(q ? { q } : {}),
            ...(cursor ? { cursor } : {}),
          },
        },
        init(signal),
      ),
    ),
  flow: (traceId: string, signal?: AbortSignal) =>
    read(client.flows[':traceId'].$get({ param: { traceId } }, init(signal))),
  map: (query: Bounds, signal?: AbortSignal) => read(client.map.$get({ query }, init(signal))),
  chains: (query: Bounds, signal?: AbortSignal) => read(client.chains.$get({ query }, init(signal))),
  queues: (query: Bounds, signal?: AbortSignal) => read(client.queues.$get({ query }, init(signal))),
  findings: (query: Bounds, signal?: AbortSignal) => read(client.findings.$get({ query }, init(signal))),
  series: (
    query: Bounds & { metric: string; by?: string; filter?: string; step?: string },
    signal?: AbortSignal,
  ) => read(client.series.$get({ query }, init(signal))),
  alerts: (signal?: AbortSignal) => read(client.alerts.$get({}, init(signal))),
  rules: (signal?: AbortSignal) => read(client.rules.$get({}, init(signal))),
  silence: (json: NewSilence) => read(client.silences.$post({ json })),
};
