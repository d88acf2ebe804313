import { describe, expect, it } from 'vitest';
import { describeScenarios, greet, wrap } from './greeting.ts';
import { findScenario, SCENARIOS } from './scenarios/index.ts';

const URLS = {
  gateway: 'http://127.0.0.1:20000',
  nats: 'nats://127.0.0.1:4222',
  otlpHttp: 'http://127.0.0.1:4318',
  otlpGrpc: '127.0.0.1:4317',
  ui: 'http://127.0.0.1:4319',
};

describe('what the terminal shows', () => {
  it('fits the terminal, whatever the scenario', () => {
    for (const scenario of SCENARIOS) {
      const text = greet({ scenario, urls: URLS }, { rate: 3, durationSeconds: undefined });
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(92);
    }
  });

  it('says where the explorer is and when the trouble begins', () => {
    const text = greet(
      { scenario: findScenario('3am-cascade'), urls: URLS },
      { rate: 3, durationSeconds: undefined },
    );
    expect(text).toContain('http://127.0.0.1:4319');
    expect(text).toContain('begins 20 s from now');
  });

  it('says where the spans go without a collector of its own', () => {
    const text = greet(
      { scenario: findScenario('healthy'), urls: { ...URLS, ui: undefined } },
      { rate: 3, durationSeconds: 60 },
    );
    expect(text).toContain('spans go to  http://127.0.0.1:4318');
    expect(text).not.toContain('begins');
    expect(text).toContain('stops by itself after 60 s');
  });

  it('lists every scenario with its story', () => {
    for (const { name } of SCENARIOS) expect(describeScenarios(SCENARIOS)).toContain(`${name}\n  `);
  });

  it('never breaks a word that is longer than a line', () => {
    const word = 'x'.repeat(200);
    expect(wrap(`a ${word} b`, '  ')).toBe(`  a\n  ${word}\n  b`);
  });
});
