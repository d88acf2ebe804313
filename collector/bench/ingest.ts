import { readFileSync, statSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { startCollectorProcess } from '../test/collector-process.ts';
import { exportRequest } from './otlp-body.ts';

const SPANS_PER_REQUEST = 500;
/** Encoded before the clock starts; ids repeat after these, at another time, which the store does not know. */
const REQUESTS = 600;
const CONNECTIONS = 4;

/** CPU seconds and resident MiB of a process, from the kernel. */
const usage = (pid: number): { cpuSeconds: number; residentMiB: number } => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const CLOCK_TICKS_PER_SECOND = 100;
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND,
    residentMiB: Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024,
  };
};

const post = (url: URL, agent: Agent, body: Uint8Array): Promise<number> =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-protobuf', 'content-length': body.length };
    const outgoing = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });

/**
 * Durable ingest over OTLP/HTTP protobuf: a collector in its own process on an empty file, requests of 500 spans
 * over four connections, each sent when the one before it was acknowledged. The load generator shares the machine.
 */
export const benchIngest = async () => {
  const startNanos = BigInt(Date.now()) * 1_000_000n;
  const bodies = Array.from({ length: REQUESTS }, () => exportRequest(SPANS_PER_REQUEST, startNanos));
  const bytes = bodies.reduce((sum, body) => sum + body.length, 0);
  const collector = await startCollectorProcess({ args: ['--settle', '1s'] });
  try {
    const pid = collector.child.pid as number;
    const url = new URL('/v1/traces', collector.otlpHttp);
    const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
    const before = usage(pid);
    const begin = performance.now();
    let next = 0;
    let refused = 0;
    const sender = async (): Promise<void> => {
      for (let body = bodies[next++]; body; body = bodies[next++]) {
        if ((await post(url, agent, body)) !== 200) refused++;
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, sender));
    const seconds = (performance.now() - begin) / 1_000;
    const acknowledged = usage(pid);
    await analysed(collector.ui);
    const after = usage(pid);
    agent.destroy();
    const spans = SPANS_PER_REQUEST * (REQUESTS - refused);
    return {
      spans,
      bytesPerSpanSent: Math.round(bytes / (REQUESTS * SPANS_PER_REQUEST)),
      refusedRequests: refused,
      spansPerSecond: Math.round(spans / seconds),
      spansPerCpuSecondAcknowledged: Math.round(spans / (acknowledged.cpuSeconds - before.cpuSeconds)),
      spansPerCpuSecondAnalysed: Math.round(spans / (after.cpuSeconds - before.cpuSeconds)),
      peakResidentMiB: Math.round(after.residentMiB),
      bytesPerSpanOnDisk: Math.round(statSync(collector.db).size / spans),
    };
  } finally {
    await collector.stop();
  }
};

/** Until every trace is analysed; the last ones wait in the head for a full block. */
const analysed = async (ui: string): Promise<void> => {
  for (;;) {
    const response = await fetch(`${ui}/api/v1/status`);
    const { head } = (await response.json()) as { head: { open: number } };
    if (head.open === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
};
