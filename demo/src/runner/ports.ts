import { createServer, type Server } from 'node:net';

/** Below the ephemeral range, so that no outgoing connection takes a port between its choice and its use. */
const FIRST = 20_000;
const COUNT = 12_000;

const listen = (port: number, host: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });

const close = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));

/** Throws where nobody can listen there at all, such as on a host that is not this one. */
export const isFree = async (port: number, host: string): Promise<boolean> => {
  try {
    await close(await listen(port, host.replace(/^\[(.*)\]$/, '$1')));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return false;
    throw error;
  }
};

/** Free ports on loopback, all different. */
export const pickPorts = async (count: number): Promise<number[]> => {
  const held: Server[] = [];
  const ports: number[] = [];
  for (let attempt = 0; ports.length < count; attempt += 1) {
    if (attempt > count + 1_000) throw new Error(`found only ${ports.length} of ${count} free ports`);
    const port = FIRST + Math.floor(Math.random() * COUNT);
    try {
      held.push(await listen(port, '127.0.0.1'));
      ports.push(port);
    } catch {
      // Taken: try another.
    }
  }
  await Promise.all(held.map(close));
  return ports;
};
