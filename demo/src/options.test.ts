import { describe, expect, it } from 'vitest';
import { createCommand, otlpUrl, parseCommandLine } from './options.ts';

const parse = (...args: string[]) => {
  let complaint = '';
  const command = createCommand()
    .exitOverride()
    .configureOutput({
      writeErr: (text) => {
        complaint += text;
      },
    });
  try {
    return parseCommandLine(args, command);
  } catch {
    throw new Error(complaint);
  }
};

describe('the command line', () => {
  it('plays the healthy shop on the default ports without any argument', () => {
    expect(parse()).toEqual({
      scenario: 'healthy',
      list: false,
      collector: true,
      ui: { host: '127.0.0.1', port: 4319 },
      otlpHttp: { host: '127.0.0.1', port: 4318 },
      otlpGrpc: { host: '127.0.0.1', port: 4317 },
      db: undefined,
      rate: undefined,
      duration: undefined,
      verbose: false,
    });
  });

  it('takes listeners as a port, as host and port, and as 0 for any free one', () => {
    const { ui, otlpHttp, otlpGrpc } = parse(
      '--ui',
      '0',
      '--otlp-http',
      '0.0.0.0:9000',
      '--otlp-grpc',
      '[::1]:9001',
    );
    expect([ui, otlpHttp, otlpGrpc]).toEqual([
      { host: '127.0.0.1', port: 0 },
      { host: '0.0.0.0', port: 9000 },
      { host: '[::1]', port: 9001 },
    ]);
  });

  it.each(['65536', '-1', 'ui', '', 'host:', '1e3', '127.0.0.1:99999'])(
    'refuses "%s" as a listener',
    (text) => {
      expect(() => parse('--ui', text)).toThrow(/'--ui <\[host:\]port>'.*give a port/);
    },
  );

  it.each(['0', '-3', 'fast', ' ', 'Infinity', 'NaN'])('refuses "%s" as a rate and as a duration', (text) => {
    expect(() => parse('--rate', text)).toThrow(/--rate.*above 0/);
    expect(() => parse('--duration', text)).toThrow(/--duration.*above 0/);
  });

  it('takes fractions as rate and duration', () => {
    expect(parse('--rate', '0.5', '--duration', '2.5')).toMatchObject({ rate: 0.5, duration: 2.5 });
  });

  it('refuses what it does not know, instead of playing something else', () => {
    expect(() => parse('double-billing')).toThrow(/too many arguments/);
    expect(() => parse('--scenaro', 'healthy')).toThrow(/unknown option.*--scenario/s);
  });

  it('runs without a collector of its own on --no-collector', () => {
    expect(parse('--no-collector').collector).toBe(false);
  });
});

describe('the address of an existing collector', () => {
  it('is reached over loopback where it listens on every address', () => {
    expect(otlpUrl({ host: '0.0.0.0', port: 9000 })).toBe('http://127.0.0.1:9000');
    expect(otlpUrl({ host: 'traces.example', port: 4318 })).toBe('http://traces.example:4318');
  });
});
