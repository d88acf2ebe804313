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

const get = async <Answer>(demo: Demo, path: string): Promise<Answer> => {
  const answer = await fetch(new URL(path, demo.urls.ui));
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Answer;
};

/** The flows of checkouts that have come to their end. */
const findCheckouts = async (demo: Demo): Promise<Flow[]> => {
  const { traces } = await get<{ traces: { traceId: string; services: string[]; complete: boolean }[] }>(
    demo,
    '/api/v1/traces?limit=100',
  );
  const checkouts = traces.filter(
    ({ services, complete }) => complete && services.length === SERVICES.length,
  );
  return Promise.all(checkouts.map(({ traceId }) => get<Flow>(demo, `/api/v1/flows/${traceId}`)));
};

/** What the consumer itself wrote down about this delivery. */
const measured = (
  waits: readonly Wait[],
  { messageId, consumerGroup, attempt }: Delivery,
): Wait | undefined =>
  waits.find(
    ({ orderId, subject, consumer, delivery }) =>
      messageId === `${orderId}:${subject}` && consumer === consumerGroup && delivery === attempt,
  );

describe('the healthy shop, traced as a user would trace it', () => {
  let demo: Demo;
  let flow: Flow;

  beforeAll(async () => {
    demo = await startDemo({ rate: 5 });
    await eventually(
      'a checkout was traced to its end',
      async () => {
        const [found] = await findCheckouts(demo);
        if (found) flow = found;
        return found !== undefined;
      },
      60_000,
    );
  });
  afterAll(() => demo?.stop());

  it('sends spans from every service, all of them accepted, without any failed request', async () => {
    const { ingest, senders } = await get<Status>(demo, '/api/v1/status');
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

  it('ends the collector too', async () => {
    const pids = Object.values(demo.pids);
    expect(demo.pids.collector).toBeDefined();
    expect(pids.filter((pid) => !isRunning(pid))).toEqual([]);
    await demo.stop();
    expect(pids.filter(isRunning)).toEqual([]);
  });
});

describe('slow-consumer, traced', () => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await startDemo({ scenario: 'slow-consumer', rate: 6, faultAfterSeconds: 1 });
  });
  afterAll(() => demo?.stop());

  it('shows each message to have waited as long as its consumer measured', async () => {
    let flows: Flow[] = [];
    const waitedLong = ({ timeInQueue }: Delivery) => (timeInQueue ?? 0) > 3_000 * MS;
    await eventually(
      'a checkout waited 3 s for analytics, and came to its end',
      async () => {
        flows = await findCheckouts(demo);
        return flows.some(({ deliveries }) => deliveries.some(waitedLong));
      },
      60_000,
    );
    const waits = await demo.waits();
    const compared = flows
      .flatMap(({ deliveries }) => deliveries)
      .filter(({ destination }) => destination.startsWith('orders.'))
      .map((delivery) => ({
        shown: (delivery.timeInQueue ?? 0) / MS,
        own: measured(waits, delivery)?.waitedMs,
      }));
    expect(compared.length).toBeGreaterThan(0);
    // The consumer reads its clock a little after the span began: a busy machine stretches that moment.
    expect(compared.filter(({ shown, own = Number.NaN }) => !(Math.abs(shown - own) < 100))).toEqual([]);
  });
});
