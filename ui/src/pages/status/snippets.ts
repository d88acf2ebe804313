import type { Status } from '../../../../collector/src/contract/index.ts';

export interface Snippet {
  readonly language: string;
  /** What this does, in a sentence. */
  readonly about: string;
  readonly code: string;
}

/** A listener as something that an exporter can dial: with a scheme, and never a wildcard address. */
export const dialable = (listener: string, host: string): string => {
  const address = listener.replace(/^https?:\/\//, '').replace(/^(0\.0\.0\.0|\[::\])(?=:)/, host);
  return `http://${address}`;
};

const otlpEnv = (endpoint: string): string =>
  [
    'export OTEL_SERVICE_NAME=my-service',
    `export OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint}`,
    'export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf',
    'export OTEL_METRICS_EXPORTER=none OTEL_LOGS_EXPORTER=none',
  ].join('\n');

/** What to paste, per language, to connect a service to this collector. */
export const snippets = (listeners: Status['listeners'], host: string): Snippet[] => {
  const http = dialable(listeners.otlpHttp, host);
  return [
    {
      language: 'Node',
      about: 'One line, no change to the code: HTTP, gRPC and NATS, with the time that messages wait.',
      code: `npm install @tailrace/instrumentation
OTEL_SERVICE_NAME=my-service OTEL_EXPORTER_OTLP_ENDPOINT=${http} \\
  node --import @tailrace/instrumentation/register app.js`,
    },
    {
      language: 'Go',
      about: 'With the otlptracehttp exporter of the OpenTelemetry SDK, which reads these variables.',
      code: `${otlpEnv(http)}\ngo run .`,
    },
    {
      language: 'Java',
      about: 'With the OpenTelemetry Java agent.',
      code: `${otlpEnv(http)}\njava -javaagent:opentelemetry-javaagent.jar -jar app.jar`,
    },
    {
      language: 'Python',
      about: 'With the OpenTelemetry distribution.',
      code: `pip install opentelemetry-distro opentelemetry-exporter-otlp
opentelemetry-bootstrap -a install
${otlpEnv(http)}
opentelemetry-instrument python app.py`,
    },
    {
      language: 'Anything else',
      about: 'Whatever speaks OTLP, over HTTP or gRPC. Zipkin JSON is taken too.',
      code: `OTLP/HTTP  ${http}/v1/traces\nOTLP/gRPC  ${dialable(listeners.otlpGrpc, host)}`,
    },
  ];
};
