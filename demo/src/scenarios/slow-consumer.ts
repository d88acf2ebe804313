import { DEFAULT_MIX } from '../traffic/mix.ts';
import type { Scenario } from './scenario.ts';

export const slowConsumer: Scenario = {
  name: 'slow-consumer',
  story:
    'Analytics takes 1.2 s for each order event, while about two events arrive every second. Nothing fails, nobody is paged, and the backlog only grows.',
  lookAt: [
    'Queues: the backlog of analytics in messages and in seconds, and when it will hurt.',
    'Traces: an order that was answered at once and is still waiting for analytics.',
  ],
  mustFind: [
    {
      type: 'growing-backlog',
      where: { consumerGroup: 'analytics' },
      meaning: 'analytics falls behind the rate at which orders publishes',
    },
  ],
  rate: 4,
  mix: DEFAULT_MIX,
  faultAfterSeconds: 10,
  settings: { analytics: { FAULT_WORK_MS: '1200' } },
};
