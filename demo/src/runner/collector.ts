import { join } from 'node:path';
import { Child, type ChildOptions } from './child.ts';
import { REPOSITORY } from './instrumentation.ts';
import { isFree } from './ports.ts';

/** Where a listener is, as `[host:]port` of the collector's flags. */
export interface Endpoint {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
}

export interface Endpoints {
  readonly ui: Endpoint;
  readonly otlpHttp: Endpoint;
  readonly otlpGrpc: Endpoint;
}

export interface RunningCollector {
  readonly child: Child;
  readonly uiUrl: string;
  readonly otlpHttpUrl: string;
  readonly otlpGrpcAddress: string;
}

const READY_WITHIN_MS = 30_000;

const LISTENERS = [
  { key: 'ui', flag: '--ui', what: 'the explorer' },
  { key: 'otlpHttp', flag: '--otlp-http', what: 'OTLP/HTTP' },
  { key: 'otlpGrpc', flag: '--otlp-grpc', what: 'OTLP/gRPC' },
] as const;

/** Throws before anything is started where somebody else has one of the ports. */
export const checkPorts = async (endpoints: Endpoints): Promise<void> => {
  for (const { key, flag, what } of LISTENERS) {
    const { host, port } = endpoints[key];
    if (port === 0 || (await isFree(port, host))) continue;
    throw new Error(
      `port ${port} for ${what} is taken (is another Tailrace running?). Choose another one by ${flag} <port>, or 0 for any free one.`,
    );
  }
};

/** The listeners that the collector has announced so far, by its ready lines: `ui http://127.0.0.1:4319`. */
export const readAnnouncement = (
  line: string,
): { key: (typeof LISTENERS)[number]['key']; at: string } | undefined => {
  const [, name, at] = /^(ui|otlp-http|otlp-grpc)\s+(\S+)$/.exec(line.trim()) ?? [];
  const listener = LISTENERS.find((candidate) => candidate.flag === `--${name}`);
  return listener && at ? { key: listener.key, at } : undefined;
};

export interface CollectorOptions {
  readonly endpoints: Endpoints;
  readonly db: string;
  /** The broker to ask for its own facts. */
  readonly natsUrl: string;
  readonly onLine: ChildOptions['onLine'];
  /** Called as soon as the process is there, long before it is ready. */
  readonly onSpawn: (child: Child) => void;
}

/** Starts the collector; resolves once all its listeners are announced. */
export const startCollector = async (options: CollectorOptions): Promise<RunningCollector> => {
  const found: Partial<Record<(typeof LISTENERS)[number]['key'], string>> = {};
  let announced = (): void => undefined;
  const ready = new Promise<void>((resolve) => {
    announced = resolve;
  });
  const child = new Child({
    name: 'collector',
    args: [
      join(REPOSITORY, 'collector/src/cli/tailrace.ts'),
      'start',
      '--db',
      options.db,
      '--settle',
      '5s',
      ...LISTENERS.flatMap(({ key, flag }) => [
        flag,
        `${options.endpoints[key].host}:${options.endpoints[key].port}`,
      ]),
    ],
    cwd: REPOSITORY,
    env: { TAILRACE_NATS: options.natsUrl },
    onLine: (name, line, stream) => {
      const announcement = stream === 'stdout' ? readAnnouncement(line) : undefined;
      if (announcement) found[announcement.key] = announcement.at;
      if (LISTENERS.every(({ key }) => found[key])) announced();
      options.onLine(name, line, stream);
    },
  });
  options.onSpawn(child);
  await child.starts(ready, READY_WITHIN_MS);
  const { ui = '', otlpHttp = '', otlpGrpc = '' } = found;
  return { child, uiUrl: ui, otlpHttpUrl: otlpHttp, otlpGrpcAddress: otlpGrpc };
};
