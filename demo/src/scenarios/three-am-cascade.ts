import type { Scenario } from './scenario.ts';

export const threeAmCascade: Scenario = {
  name: '3am-cascade',
  story:
    "One query of shipping-quote takes 15 s from now on. Checkout's twelve slots fill up with requests that wait for it, payment waits for it to refund returns, and the gateway waits for both.",
  lookAt: [
    'Findings: the cascade in progress, with shipping-quote as its cause and the others as victims.',
    'Chains: how many entry requests stall if shipping-quote does.',
    'Traces, slowest first: 15 s in "SELECT rates", at the far end of the chain.',
  ],
  mustFind: [
    {
      type: 'cascade-in-progress',
      where: { service: 'shipping-quote' },
      meaning: 'shipping-quote is the cause; checkout, payment and gateway are its victims',
    },
  ],
  rate: 4,
  mix: { checkout: 40, lookup: 20, received: 5, return: 20, quote: 15 },
  faultAfterSeconds: 20,
  settings: { 'shipping-quote': { FAULT_QUERY_MS: '15000' } },
};
