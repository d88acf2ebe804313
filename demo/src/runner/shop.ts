import { join } from 'node:path';
import { READY } from '../kit/service.ts';
import type { Scenario } from '../scenarios/index.ts';
import { Child, type ChildOptions } from './child.ts';
import { REPOSITORY } from './instrumentation.ts';
import { pickPorts } from './ports.ts';
import { addressesFor, type Ports, SERVICES } from './services.ts';

export interface ShopOptions {
  readonly settings: Scenario['settings'];
  /** For every service. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where the spans go; undefined runs the services without instrumentation. */
  readonly otlpHttp: string | undefined;
  readonly onLine: ChildOptions['onLine'];
  /** Called for each service as soon as its process is there. */
  readonly onSpawn: (child: Child) => void;
}

const READY_WITHIN_MS = 60_000;
const DEMO = join(REPOSITORY, 'demo');

const tracing = (service: string, otlpHttp: string): Record<string, string> => ({
  OTEL_SERVICE_NAME: service,
  OTEL_RESOURCE_ATTRIBUTES: 'service.namespace=shop,deployment.environment.name=demo',
  OTEL_EXPORTER_OTLP_ENDPOINT: otlpHttp,
  // Spans show up after a second rather than after the SDK's five: people are watching.
  OTEL_BSP_SCHEDULE_DELAY: '1000',
});

/** Starts all services at once; resolves with the gateway's URL when every one of them serves. */
export const startShop = async (options: ShopOptions): Promise<string> => {
  const numbers = await pickPorts(SERVICES.length);
  const ports = Object.fromEntries(SERVICES.map(({ name }, index) => [name, numbers[index]])) as Ports;
  const { otlpHttp } = options;
  const flags = otlpHttp ? ['--import', '@tailrace/instrumentation/register'] : [];
  await Promise.all(
    SERVICES.map(({ name }) => {
      const child = new Child({
        name,
        args: [...flags, join(DEMO, `src/services/${name}.ts`)],
        cwd: DEMO,
        env: {
          ...options.environment,
          ...addressesFor(name, ports),
          ...options.settings[name],
          ...(otlpHttp ? tracing(name, otlpHttp) : {}),
        },
        onLine: options.onLine,
      });
      options.onSpawn(child);
      return child.starts(child.said(READY), READY_WITHIN_MS);
    }),
  );
  return `http://127.0.0.1:${ports.gateway}`;
};
