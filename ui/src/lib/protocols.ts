import type { Protocol } from '../../../collector/src/contract/index.ts';

/** What people call the protocols. */
export const PROTOCOLS: Readonly<Record<Protocol, string>> = {
  http: 'REST',
  grpc: 'gRPC',
  messaging: 'queue',
  database: 'SQL',
  internal: 'internal',
};
