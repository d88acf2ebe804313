import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Wait } from '../src/kit/waits.ts';
import { type Demo, startDemo } from '../src/run.ts';
import { SERVICES } from '../src/runner/services.ts';
import { eventually, isRunning } from './processes.ts';

interface Status {
  readonly ingest: { readonly http: { readonly accepted: number; readonly rejected: number } };
  readonly senders: readonly { readonly service: string }[];
}

interface Delivery {
  readonly destination: string;
  readonly consumerGroup?: string;
  readonly messageId?: string;
  readonly attempt: number;
  /** Nanoseconds. */
  readonly timeInQueue: number | null;
}

interface Flow {
  readonly spans: readonly { readonly service: string; readonly status: { readonly code: string } }[];
  readonly deliveries: readonly Delivery[];
}

const MS = 1_000_000;
/** The consumer's clock is read a little after its span began, and both stand in for the same moment. */
const TOLERANCE_MS = 15;

describe('the healthy shop, traced as a user would trace it', () => {
  let demo: Demo;
  let flow: Flow;

  const get = async <Answer>(path: string): Promise<Answer> => {
    const answer = await fetch(new URL(path, demo.urls.ui));
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as Answer;
  };

  /** The flow of a checkout that has come to its end. */
  const findCheckout = async (): Promise<Flow | undefined> => {
    const { traces } = await get<{ traces: { traceId: string; services: string[]; complete: boolean }[] }>(
      '/api/v1/traces?limit=100',
    );
    const checkout = traces.find(({ services, complete }) => complete && services.length === SERVICES.length);
    return checkout && get<Flow>(`/api/v1/flows/${checkout.traceId}`);
  };

  beforeAll(async () => {
    demo = await startDemo({ rate: 5 });
    await eventually(
      'a checkout was traced to its end',
      async () => {
        const found = await findCheckout();
        if (found) flow = found;
        return found !== undefined;
      },
      60_000,
    );
  });
  afterAll(() => demo?.stop());

  it('sends spans from every service, all of them accepted, without any failed request', async () => {
    const { ingest, senders } = await get<Status>('/api/v1/status');
    expect(ingest.http.accepted).toBeGreaterThan(100);
    expect(ingest.http.rejected).toBe(0);
    expect(senders.map(({ service }) => service).sort()).toEqual(SERVICES.map(({ name }) => name).sort());
    expect(demo.traffic.failed).toBe(0);
  });

  it('shows a checkout as one flow over REST, gRPC, the database and both queues', () => {
    expect(new Set(flow.spans.map(({ service }) => service)).size).toBe(SERVICES.length);
    expect(flow.spans.filter(({ status }) => status.code === 'error')).toEqual([]);
    expect(
      flow.deliveries.map(({ consumerGroup, destination }) => `${destination} -> ${consumerGroup}`).sort(),
    ).toEqual([
      'mail.queued -> email-mail',
      'orders.created -> analytics',
      'orders.created -> billing',
      'orders.created -> email-orders',
      'orders.created -> shipping',
    ]);
  });

  it('says of each message that it waited as long as its consumer measured', async () => {
    const waits = await demo.waits();
    const measured = ({ messageId, consumerGroup }: Delivery): Wait | undefined =>
      waits.find(
        ({ orderId, consumer }) => messageId?.startsWith(`${orderId}:`) && consumer === consumerGroup,
      );
    for (const delivery of flow.deliveries) {
      const wait = measured(delivery);
      expect(wait?.delivery).toBe(delivery.attempt);
      expect(Math.abs((delivery.timeInQueue ?? 0) / MS - (wait?.waitedMs ?? 0))).toBeLessThan(TOLERANCE_MS);
    }
  });

  it('ends the collector too', async () => {
    const pids = Object.values(demo.pids);
    expect(demo.pids.collector).toBeDefined();
    expect(pids.filter((pid) => !isRunning(pid))).toEqual([]);
    await demo.stop();
    expect(pids.filter(isRunning)).toEqual([]);
  });
});
