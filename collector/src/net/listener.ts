import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ListenAddress {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
}

export interface Listener {
  /** `host:port` as it is in fact. */
  readonly address: string;
  /** Takes nothing new, lets requests in flight finish, then resolves. */
  close(): Promise<void>;
}

/** The address cannot be listened on; the message says what to do. */
export class ListenError extends Error {
  override name = 'ListenError';
}

export const listenError = (
  flag: string,
  { host, port }: ListenAddress,
  cause: NodeJS.ErrnoException,
): ListenError => {
  const where = formatAddress(host, port);
  const why =
    cause.code === 'EADDRINUSE'
      ? `port ${port} is in use: stop the other program, or choose another port with --${flag}`
      : cause.code === 'EACCES'
        ? `port ${port} needs more rights: choose one above 1023 with --${flag}`
        : cause.code === 'EADDRNOTAVAIL' || cause.code === 'ENOTFOUND'
          ? `this machine has no address ${host}: correct --${flag}`
          : cause.message;
  return new ListenError(`cannot listen on ${where}: ${why}`, { cause });
};

export const formatAddress = (host: string, port: number): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

/** Requests in flight get this long at shutdown. */
const DRAIN_MS = 5_000;

/**
 * Tells senders that keep their connection to leave it with the next answer: without that, a busy one would go on
 * sending until the connection is cut, in the middle of a request.
 */
const sayGoodbye = (server: Server): (() => void) => {
  const open = new Set<ServerResponse>();
  let closing = false;
  const hangUpAfter = (response: ServerResponse): void => {
    if (!response.headersSent) response.setHeader('connection', 'close');
  };
  server.prependListener('request', (_request: IncomingMessage, response: ServerResponse) => {
    if (closing) hangUpAfter(response);
    open.add(response);
    response.once('close', () => open.delete(response));
  });
  return () => {
    closing = true;
    for (const response of open) hangUpAfter(response);
  };
};

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    server.close(() => {
      clearTimeout(force);
      resolve();
    });
    server.closeIdleConnections();
  });

export const listenOn = (server: Server, address: ListenAddress, flag: string): Promise<Listener> =>
  new Promise((resolve, reject) => {
    const goodbye = sayGoodbye(server);
    server.once('error', (cause) => reject(listenError(flag, address, cause)));
    server.listen(address.port, address.host, () => {
      const { port } = server.address() as AddressInfo;
      const close = (): Promise<void> => {
        goodbye();
        return closeServer(server);
      };
      resolve({ address: formatAddress(address.host, port), close });
    });
  });
