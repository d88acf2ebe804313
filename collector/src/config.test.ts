import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, type ConfigSources, readConfig } from './config.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tailrace-config-'));
  file = join(folder, 'tailrace.yaml');
  writeFileSync(file, '');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = (sources: Partial<ConfigSources> = {}) => readConfig({ flags: {}, env: {}, file, ...sources });

describe('the configuration', () => {
  it('has the documented defaults', () => {
    expect(read()).toEqual({
      db: './tailrace.db',
      otlpHttp: { host: '127.0.0.1', port: 4318 },
      otlpGrpc: { host: '127.0.0.1', port: 4317 },
      ui: { host: '127.0.0.1', port: 4319 },
      nats: undefined,
      rules: undefined,
      retentionMs: 7 * 86_400_000,
      maxBytes: 10_000_000_000,
      settleMs: 5_000,
    });
  });

  it('comes from the flag before the variable before the file', () => {
    writeFileSync(file, 'db: from-file.db\nui: 1\nsettle: 1s\n');
    const config = read({
      flags: { db: 'from-flag.db' },
      env: { TAILRACE_DB: 'from-env.db', TAILRACE_UI: '2' },
    });
    expect(config).toMatchObject({ db: 'from-flag.db', ui: { port: 2 }, settleMs: 1_000 });
  });

  it('takes an empty variable as none', () => {
    expect(read({ env: { TAILRACE_DB: '' } }).db).toBe('./tailrace.db');
  });

  it.each([
    ['4318', { host: '127.0.0.1', port: 4318 }],
    ['0', { host: '127.0.0.1', port: 0 }],
    ['localhost:1', { host: 'localhost', port: 1 }],
    ['[::1]:65535', { host: '::1', port: 65_535 }],
  ])('reads the address %s', (text, address) => {
    expect(read({ flags: { ui: text } }).ui).toEqual(address);
  });

  it.each([
    [{ flags: { ui: 'here' } }, /--ui: "here" is not \[host:\]port/],
    [{ flags: { ui: '70000' } }, /--ui: "70000" is not/],
    [{ env: { TAILRACE_SETTLE: '5' } }, /TAILRACE_SETTLE: "5" is not a duration/],
    [{ flags: { retention: 'ever' } }, /--retention: "ever" is not a duration/],
    [{ flags: { 'max-size': '10 pounds' } }, /--max-size: .* not a size/],
    [{ flags: { nats: '127.0.0.1:4222' } }, /--nats: .* not a URL such as nats:/],
    [{ flags: { nats: 'http://user:secret@b' } }, /--nats: "http:\/\/\*\*\*@b" is not a URL such as nats:/],
    [{ flags: { db: '' } }, /--db: "" is not a file name/],
  ])('says where %o is wrong', (sources, message) => {
    expect(() => read(sources)).toThrow(message);
    expect(() => read(sources)).toThrow(ConfigError);
  });

  it.each([
    ['dbb: x', /unknown setting "dbb"; known are db, otlp-http/],
    ['- db', /must hold settings/],
    ['db: [', /no valid YAML/],
    ['db: [a]', /db must be a text or a number/],
    ['ui: 99999', /tailrace.yaml: ui: "99999" is not/],
  ])('says what is wrong in a file with %s', (text, message) => {
    writeFileSync(file, text);
    expect(() => read()).toThrow(message);
  });

  it('misses a file only where it was asked for', () => {
    expect(() => read({ file: join(folder, 'none.yaml') })).toThrow(/cannot read .*none.yaml/);
  });
});
