import { type Context, context, createContextKey } from '@opentelemetry/api';

const INTERNAL = createContextKey('tailrace nats client internals');

/**
 * Runs a method of the client whose own publishes, requests and subscriptions are plumbing: asking for
 * messages, receiving batches, recreating consumers. Nothing inside is traced.
 */
export const asInternal = <T>(work: () => T): T =>
  context.with(context.active().setValue(INTERNAL, true), work);

export const isInternal = (where: Context = context.active()): boolean => where.getValue(INTERNAL) === true;
