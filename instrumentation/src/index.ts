export { type InstrumentConnectionOptions, instrumentConnection } from './nats/connection.ts';
export type { NatsInstrumentationConfig } from './nats/host.ts';
export { NatsInstrumentation } from './nats/instrumentation.ts';
export { type ContextMessage, withMessageContext } from './nats/message-context.ts';
export { startTailrace, type Tailrace, type TailraceOptions } from './sdk/start.ts';
