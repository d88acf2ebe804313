import { DEFAULT_MIX } from '../traffic/mix.ts';
import type { Scenario } from './scenario.ts';

export const doubleBilling: Scenario = {
  name: 'double-billing',
  story:
    'Billing needs 2.6 s for an invoice, but JetStream waits only 2 s for its acknowledgement and delivers the order again: the customer is charged twice, and no log line says so.',
  lookAt: [
    'Findings: the duplicate processing, with both deliveries and why there were two.',
    'Traces: a checkout with two billing spans for one message.',
  ],
  mustFind: [
    {
      type: 'duplicate-processing',
      where: { consumerGroup: 'billing' },
      meaning: 'billing processed one message twice, because its work outlasts its ack wait',
    },
  ],
  rate: 3,
  mix: DEFAULT_MIX,
  faultAfterSeconds: 5,
  settings: { billing: { ACK_WAIT_MS: '2000', FAULT_FIRST_DELIVERY_WORK_MS: '2600' } },
};
