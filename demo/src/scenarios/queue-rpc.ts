import { DEFAULT_MIX } from '../traffic/mix.ts';
import type { Scenario } from './scenario.ts';

export const queueRpc: Scenario = {
  name: 'queue-rpc',
  story:
    'Before it accepts an order, orders publishes "checks.requested" and waits for the message that answers it: a synchronous call to analytics that no service map shows, because it goes through a queue.',
  lookAt: [
    'Findings: the synchronous call through the queue.',
    'Traces: a checkout whose response path runs through JetStream twice.',
  ],
  mustFind: [
    {
      type: 'sync-over-queue',
      where: { service: 'orders' },
      meaning: 'orders publishes checks.requested and waits for checks.answered before it answers',
    },
  ],
  rate: 3,
  mix: DEFAULT_MIX,
  faultAfterSeconds: 0,
  settings: { orders: { CHECK_FRAUD_BY_MESSAGE: '1' }, analytics: { CHECK_FRAUD_BY_MESSAGE: '1' } },
};
