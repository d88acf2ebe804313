import type { Command } from 'commander';
import { RulesError } from '../alerts/index.ts';
import {
  CONFIG_FILE,
  ConfigError,
  readConfig,
  SETTING_NAMES,
  SETTINGS,
  type SettingName,
} from '../config.ts';
import { type Collector, startCollector } from '../main.ts';
import { ListenError } from '../net/listener.ts';
import { StoreOpenError, StoreUnavailableError } from '../store/index.ts';

/** Exit codes beside 0: what a supervisor can tell apart. */
const EXIT = { failed: 1, usage: 2 } as const;

/** Work in flight at shutdown gets at most this long. */
const SHUTDOWN_MS = 10_000;

/** The default command: collector, API and explorer in this process. */
export const addStart = (program: Command): void => {
  const start = program
    .command('start', { isDefault: true })
    .description('start the collector and the explorer (default)');
  start.option('--config <file>', `settings in YAML (default: ${CONFIG_FILE} in this folder, if it exists)`);
  for (const name of SETTING_NAMES) {
    const { placeholder, help, variable, fallback } = SETTINGS[name];
    const defaults = fallback === undefined ? '' : `, default ${fallback}`;
    start.option(`--${name} <${placeholder}>`, `${help} (${variable}${defaults})`);
  }
  // Most people never type a command: the main help shows what they can set.
  program.addHelpText('after', () => `\n${start.helpInformation()}`);
  start.action((options: Record<string, string>) => runStart(options));
};

const runStart = async (options: Readonly<Record<string, string>>): Promise<void> => {
  let collector: Collector;
  try {
    collector = await startCollector(
      readConfig({ flags: settingFlags(options), env: process.env, ...fileOf(options) }),
    );
  } catch (error) {
    fail(error);
    return;
  }
  stopOnSignals(collector);
  collector.failed.catch(fail);
  const { otlpHttp, otlpGrpc, ui } = collector.addresses;
  console.log(`otlp-http http://${otlpHttp}`);
  console.log(`otlp-grpc ${otlpGrpc}`);
  console.log(`ui http://${ui}`);
};

const fileOf = (options: Readonly<Record<string, string>>) =>
  options.config ? { file: options.config } : {};

/** Commander writes `--otlp-http` as `otlpHttp`. */
const settingFlags = (options: Readonly<Record<string, string>>): Partial<Record<SettingName, string>> => {
  const flags: Partial<Record<SettingName, string>> = {};
  for (const name of SETTING_NAMES) {
    const value = options[name.replace(/-(\w)/g, (_match, letter: string) => letter.toUpperCase())];
    if (value !== undefined) flags[name] = value;
  }
  return flags;
};

/** What a machine does to programs: the messages say enough. */
const isExpected = (error: unknown): error is Error =>
  [ListenError, StoreOpenError, StoreUnavailableError].some((type) => error instanceof type);

/** Says in one line what is wrong and what to do; only the unexpected comes with a stack. */
const fail = (error: unknown): void => {
  const isUsage = error instanceof ConfigError || error instanceof RulesError;
  if (isUsage || isExpected(error)) console.error(`tailrace: ${error.message}`);
  else console.error('tailrace:', error);
  process.exit(isUsage ? EXIT.usage : EXIT.failed);
};

const stopOnSignals = (collector: Collector): void => {
  let stopping = false;
  const stop = async (): Promise<void> => {
    // A second signal means it: leave at once. What was acknowledged is on disk already.
    if (stopping) process.exit(EXIT.failed);
    stopping = true;
    setTimeout(() => process.exit(EXIT.failed), SHUTDOWN_MS).unref();
    await collector.close().then(() => process.exit(0), fail);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());
};
