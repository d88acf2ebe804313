import { Command, InvalidArgumentError, Option } from 'commander';
import type { Endpoint } from './runner/collector.ts';

/** What the command line asks for, checked as far as one value can be checked alone. */
export interface CommandLine {
  readonly scenario: string;
  readonly list: boolean;
  readonly collector: boolean;
  readonly ui: Endpoint;
  readonly otlpHttp: Endpoint;
  readonly otlpGrpc: Endpoint;
  readonly db: string | undefined;
  /** Requests per second. */
  readonly rate: number | undefined;
  /** Seconds. */
  readonly duration: number | undefined;
  readonly verbose: boolean;
}

const LOOPBACK = '127.0.0.1';

const parseEndpoint = (text: string): Endpoint => {
  const [, host, digits] = /^(?:(.+):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535) throw new InvalidArgumentError('give a port, or host:port.');
  return { host: host ?? LOOPBACK, port };
};

const parsePositive = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError('give a number above 0.');
  }
  return value;
};

const endpointOption = (flag: string, what: string, port: number): Option =>
  new Option(`${flag} <[host:]port>`, what)
    .argParser(parseEndpoint)
    .default({ host: LOOPBACK, port } satisfies Endpoint, `${LOOPBACK}:${port}`);

/** The command; `exitOverride` it to parse without ending the process. */
export const createCommand = (): Command =>
  new Command('demo')
    .description(
      'A small shop on real REST, gRPC and NATS, traced by Tailrace. Each scenario plays one classic fault; Ctrl-C stops everything.',
    )
    .option('-s, --scenario <name>', 'the story to play', 'healthy')
    .option('-l, --list', 'name the scenarios and exit', false)
    .addOption(endpointOption('--ui', "the explorer's address; port 0 picks a free one", 4319))
    .addOption(endpointOption('--otlp-http', 'where OTLP/HTTP comes in', 4318))
    .addOption(endpointOption('--otlp-grpc', 'where OTLP/gRPC comes in', 4317))
    .option('--no-collector', 'start none, and send to the one at --otlp-http')
    .option('--db <file>', "the collector's file, kept afterwards (default: a temporary one)")
    .option('--rate <requests per second>', "traffic (default: the scenario's)", parsePositive)
    .option(
      '--duration <seconds>',
      'stop by itself after this time (default: runs until Ctrl-C)',
      parsePositive,
    )
    .option('-v, --verbose', 'show what the services and the collector write', false)
    .addHelpText('after', '\nNATS_URL names a NATS server with JetStream to use instead of starting one.')
    .allowExcessArguments(false);

/** Reads the arguments after the script's name. Ends the process for `--help` and for what it cannot read. */
export const parseCommandLine = (args: readonly string[], command = createCommand()): CommandLine => {
  command.parse([...args], { from: 'user' });
  const { db, rate, duration, ...rest } = command.opts<CommandLine>();
  return { ...rest, db, rate, duration };
};

/** Where the services send to when no collector is started: a wildcard address is reached over loopback. */
export const otlpUrl = ({ host, port }: Endpoint): string =>
  `http://${['0.0.0.0', '::', '[::]'].includes(host) ? LOOPBACK : host}:${port}`;
