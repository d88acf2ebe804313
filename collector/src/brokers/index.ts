export { watchNats } from './nats.ts';
export { type NatsAddress, parseNatsAddress, withoutCredentials } from './nats-address.ts';
export { queuesWithBrokers } from './queue-facts.ts';
export type * from './types.ts';
