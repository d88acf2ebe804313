import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { type NatsAddress, parseNatsAddress, withoutCredentials } from './brokers/index.ts';

/** The configuration is wrong; the message names the setting, where it came from, and what it may be. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

export interface Address {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
}

export interface Config {
  readonly db: string;
  readonly otlpHttp: Address;
  readonly otlpGrpc: Address;
  readonly ui: Address;
  readonly nats: NatsAddress | undefined;
  readonly rules: string | undefined;
  readonly retentionMs: number;
  readonly maxBytes: number;
  readonly settleMs: number;
}

const LOOPBACK = '127.0.0.1';

const parseAddress = (text: string): Address | undefined => {
  const match = /^(?:(\[[0-9a-fA-F:.]+\]|[^:[\]]+):)?(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (!match || port > 65_535) return undefined;
  return { host: match[1]?.replace(/^\[|\]$/g, '') ?? LOOPBACK, port };
};

const MS_PER_UNIT: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 60e3, h: 3600e3, d: 86_400e3 };
const parseDuration = (text: string): number | undefined => {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  return match ? Number(match[1]) * (MS_PER_UNIT[match[2] as string] as number) : undefined;
};

const BYTES_PER_UNIT: Readonly<Record<string, number>> = { '': 1, B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };
const parseBytes = (text: string): number | undefined => {
  const match = /^(\d+(?:\.\d+)?)\s*(|B|KB|MB|GB|TB)$/i.exec(text);
  return match
    ? Math.round(Number(match[1]) * (BYTES_PER_UNIT[(match[2] as string).toUpperCase()] as number))
    : undefined;
};

/** `show`: how a wrong value is quoted. */
const setting = <T>(
  read: (text: string) => T | undefined,
  expected: string,
  show: (text: string) => string = (text) => text,
) =>
  z.union([z.string(), z.number()]).transform((value, context) => {
    const result = read(String(value).trim());
    if (result !== undefined) return result;
    context.addIssue({ code: 'custom', message: `"${show(String(value))}" is not ${expected}` });
    return z.NEVER;
  });

const ADDRESS = '[host:]port, such as 4318 or 127.0.0.1:4318';
const DURATION = 'a duration such as 500ms, 5s, 12h or 7d';
const text = (value: string): string | undefined => value || undefined;

/** Every setting: its flag, variable and place in tailrace.yaml, its default with the reason, and how it is read. */
export const SETTINGS = {
  db: {
    variable: 'TAILRACE_DB',
    placeholder: 'file',
    fallback: './tailrace.db',
    help: 'database file, made if missing',
    schema: setting(text, 'a file name'),
  },
  'otlp-http': {
    variable: 'TAILRACE_OTLP_HTTP',
    placeholder: '[host:]port',
    fallback: '127.0.0.1:4318',
    help: 'where OTLP over HTTP is received',
    schema: setting(parseAddress, ADDRESS),
  },
  'otlp-grpc': {
    variable: 'TAILRACE_OTLP_GRPC',
    placeholder: '[host:]port',
    fallback: '127.0.0.1:4317',
    help: 'where OTLP over gRPC is received',
    schema: setting(parseAddress, ADDRESS),
  },
  ui: {
    variable: 'TAILRACE_UI',
    placeholder: '[host:]port',
    fallback: '127.0.0.1:4319',
    help: 'where the explorer and the API are served',
    schema: setting(parseAddress, ADDRESS),
  },
  nats: {
    variable: 'TAILRACE_NATS',
    placeholder: 'url',
    fallback: undefined,
    help: 'NATS server to ask for streams and consumers',
    schema: setting(parseNatsAddress, 'a URL such as nats://127.0.0.1:4222', withoutCredentials),
  },
  rules: {
    variable: 'TAILRACE_RULES',
    placeholder: 'file',
    fallback: undefined,
    help: 'alert rules in YAML',
    schema: setting(text, 'a file name'),
  },
  retention: {
    variable: 'TAILRACE_RETENTION',
    placeholder: 'age',
    // A week: last week's same weekday stays at hand for comparison.
    fallback: '7d',
    help: 'how long traces are kept',
    schema: setting(parseDuration, DURATION),
  },
  'max-size': {
    variable: 'TAILRACE_MAX_SIZE',
    placeholder: 'bytes',
    // A laptop's disk can spare it.
    fallback: '10GB',
    help: 'size of the database above which the oldest traces go',
    schema: setting(parseBytes, 'a size such as 500MB or 10GB'),
  },
  settle: {
    variable: 'TAILRACE_SETTLE',
    placeholder: 'duration',
    // Exporters send every 5 s at the latest; later spans amend the trace.
    fallback: '5s',
    help: 'rest after which a trace is analysed',
    schema: setting(parseDuration, DURATION),
  },
} as const;

export type SettingName = keyof typeof SETTINGS;
export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];
export const CONFIG_FILE = 'tailrace.yaml';

type Given = { readonly text: string | number; readonly origin: string };

const readFile = (path: string, mustExist: boolean): Readonly<Record<string, unknown>> => {
  let source: string;
  try {
    source = readFileSync(path, 'utf8');
  } catch (cause) {
    if (!mustExist && (cause as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new ConfigError(`cannot read ${path}: ${(cause as Error).message}`, { cause });
  }
  let content: unknown;
  try {
    content = parse(source) ?? {};
  } catch (cause) {
    throw new ConfigError(`${path} is no valid YAML: ${(cause as Error).message}`, { cause });
  }
  const settings = z.record(z.string(), z.unknown()).safeParse(content);
  if (!settings.success) throw new ConfigError(`${path} must hold settings of the form "name: value"`);
  for (const [key, value] of Object.entries(settings.data)) {
    if (!(key in SETTINGS)) {
      throw new ConfigError(`${path}: unknown setting "${key}"; known are ${SETTING_NAMES.join(', ')}`);
    }
    if (typeof value !== 'string' && typeof value !== 'number') {
      throw new ConfigError(`${path}: ${key} must be a text or a number`);
    }
  }
  return settings.data;
};

export interface ConfigSources {
  /** By setting name, as the command line gave them. */
  readonly flags: Readonly<Partial<Record<SettingName, string>>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Default: `tailrace.yaml` in the current folder, if it is there. */
  readonly file?: string;
}

/** Flag, then variable, then file, then default. Throws `ConfigError`. */
export const readConfig = ({ flags, env, file }: ConfigSources): Config => {
  const path = file ?? CONFIG_FILE;
  const fromFile = readFile(path, file !== undefined);
  const given = (name: SettingName): Given | undefined => {
    const { variable, fallback } = SETTINGS[name];
    if (flags[name] !== undefined) return { text: flags[name], origin: `--${name}` };
    const inEnv = env[variable];
    if (inEnv !== undefined && inEnv !== '') return { text: inEnv, origin: variable };
    const inFile = fromFile[name] as string | number | undefined;
    if (inFile !== undefined) return { text: inFile, origin: `${path}: ${name}` };
    return fallback === undefined ? undefined : { text: fallback, origin: 'default' };
  };
  const optional = <N extends SettingName>(name: N): z.infer<(typeof SETTINGS)[N]['schema']> | undefined => {
    const value = given(name);
    if (!value) return undefined;
    const result = SETTINGS[name].schema.safeParse(value.text);
    if (result.success) return result.data as z.infer<(typeof SETTINGS)[N]['schema']>;
    throw new ConfigError(`${value.origin}: ${result.error.issues[0]?.message}`);
  };
  const required = <N extends SettingName>(name: N): z.infer<(typeof SETTINGS)[N]['schema']> => {
    const value = optional(name);
    if (value === undefined) throw new ConfigError(`--${name} is needed`);
    return value;
  };
  return {
    db: required('db'),
    otlpHttp: required('otlp-http'),
    otlpGrpc: required('otlp-grpc'),
    ui: required('ui'),
    nats: optional('nats'),
    rules: optional('rules'),
    retentionMs: required('retention'),
    maxBytes: required('max-size'),
    settleMs: required('settle'),
  };
};
