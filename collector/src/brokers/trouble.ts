import {
  AuthorizationError,
  ClosedConnectionError,
  PermissionViolationError,
  TimeoutError,
  UserAuthenticationExpiredError,
} from '@nats-io/transport-node';

/** A poll took longer than it may. */
export class SlowPollError extends Error {
  override name = 'SlowPollError';
}

export type TroubleKind = 'unreachable' | 'login' | 'jetstream' | 'permission' | 'slow';

/** Why there are no facts; `kind` tells whether it is still the same trouble. */
export interface Trouble {
  readonly kind: TroubleKind;
  /** One sentence with what to do. `url`: without credentials. */
  sentence(url: string): string;
}

export const troubleOf = (error: unknown): Trouble => {
  const kind = kindOf(error);
  return { kind, sentence: (url) => SENTENCES[kind](url, reasonOf(error)) };
};

const SENTENCES: Readonly<Record<TroubleKind, (url: string, reason: string) => string>> = {
  unreachable: (url, reason) =>
    `NATS at ${url} is unreachable (${reason}): broker facts are missing until it answers; check --nats`,
  login: (url, reason) =>
    `NATS at ${url} does not let us in (${reason}): broker facts are missing until it does; check user and password, or the token, in --nats`,
  jetstream: (url, reason) =>
    `NATS at ${url} has no JetStream for us (${reason}): broker facts are missing until it has; start nats-server with -js, or allow JetStream for the account`,
  permission: (url, reason) =>
    `NATS at ${url} does not let us look (${reason}): broker facts are missing until it does; allow publishing to $JS.API.STREAM.LIST, $JS.API.CONSUMER.LIST.> and $JS.API.STREAM.MSG.GET.>`,
  slow: (url, reason) =>
    `NATS at ${url} answers too slowly (${reason}): broker facts are missing until it answers in time`,
};

/** Requests wrap what the server said. */
const innermost = (error: unknown): unknown =>
  error instanceof Error && error.cause instanceof PermissionViolationError ? error.cause : error;

export const isPermissionViolation = (error: unknown): boolean =>
  innermost(error) instanceof PermissionViolationError;

const kindOf = (error: unknown): TroubleKind => {
  if (isPermissionViolation(error)) return 'permission';
  if (error instanceof AuthorizationError || error instanceof UserAuthenticationExpiredError) return 'login';
  // The client's public face lacks this class.
  if (error instanceof Error && error.name === 'JetStreamNotEnabled') return 'jetstream';
  if (error instanceof SlowPollError) return 'slow';
  return 'unreachable';
};

export const reasonOf = (error: unknown): string => {
  if (error instanceof ClosedConnectionError) return 'the connection was closed';
  if (error instanceof TimeoutError || (error instanceof Error && error.cause instanceof TimeoutError))
    return 'no answer in time';
  const inner = innermost(error);
  return inner instanceof Error ? inner.message : String(inner);
};
