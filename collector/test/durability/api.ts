import type { Chains, Status, Trace } from '../../src/contract/index.ts';

const get = async (url: string): Promise<Response> => {
  const response = await fetch(url);
  if (!response.ok && response.status !== 404) {
    throw new Error(`GET ${url} answered ${response.status}: ${await response.text()}`);
  }
  return response;
};

export const readStatus = async (ui: string): Promise<Status> =>
  (await get(`${ui}/api/v1/status`)).json() as Promise<Status>;

/** Ids as they are listed, repetitions included; none where the trace is unknown. */
export const readSpanIds = async (ui: string, traceId: string): Promise<string[]> => {
  const response = await get(`${ui}/api/v1/traces/${traceId}`);
  if (response.status === 404) {
    await response.arrayBuffer();
    return [];
  }
  return ((await response.json()) as Trace).spans.map((span) => span.spanId);
};

/** How many entry requests analysis has counted, over all chains. */
export const readEntryCount = async (ui: string, startNanos: bigint): Promise<number> => {
  const MINUTE = 60_000_000_000n;
  const query = new URLSearchParams({ start: String(startNanos - MINUTE), end: String(startNanos + MINUTE) });
  const { chains } = (await (await get(`${ui}/api/v1/chains?${query}`)).json()) as Chains;
  return chains.reduce((sum, chain) => sum + chain.count, 0);
};

/** Until every trace is analysed and in the file. */
export const untilSealed = async (ui: string): Promise<Status> => {
  for (;;) {
    const status = await readStatus(ui);
    if (status.head.traces === 0) return status;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};
