import { DEFAULT_MIX } from '../traffic/mix.ts';
import type { Scenario } from './scenario.ts';

export const healthy: Scenario = {
  name: 'healthy',
  story: 'Steady traffic, and nothing is wrong. Every order crosses REST, gRPC and two queues as one flow.',
  lookAt: [
    'Traces: open one with twelve services, a checkout, and follow it from the gateway to the last e-mail.',
    'Queues: what each consumer makes its messages wait.',
    'Map: services and queues, with the rates between them.',
  ],
  mustFind: [],
  rate: 3,
  mix: DEFAULT_MIX,
  faultAfterSeconds: 0,
  settings: {},
};
