export type { NatsInstrumentationConfig } from './nats/host.ts';
export { NatsInstrumentation } from './nats/instrumentation.ts';
export { startTailrace, type Tailrace, type TailraceOptions } from './sdk/start.ts';
