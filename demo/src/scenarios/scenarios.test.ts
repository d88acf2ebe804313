import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SERVICES } from '../runner/services.ts';
import { findScenario, SCENARIOS } from './index.ts';

const sourceOf = (service: string): string =>
  readFileSync(new URL(`../services/${service}.ts`, import.meta.url), 'utf8');

describe('the scenario table', () => {
  it('finds each scenario by its name', () => {
    for (const scenario of SCENARIOS) expect(findScenario(scenario.name)).toBe(scenario);
    expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length);
  });

  it.each(['', 'Healthy', 'constructor', 'black-monday'])(
    'names the scenarios there are when asked for "%s"',
    (name) => {
      expect(() => findScenario(name)).toThrow(
        `there is no scenario "${name}"; choose one of healthy, 3am-cascade, slow-consumer, queue-rpc, double-billing`,
      );
    },
  );

  it('changes only services of the shop', () => {
    const names = SERVICES.map(({ name }) => name);
    for (const { settings } of SCENARIOS)
      expect(names).toEqual(expect.arrayContaining(Object.keys(settings)));
  });

  it('changes only settings that the service reads', () => {
    for (const { settings } of SCENARIOS) {
      for (const [service, variables] of Object.entries(settings)) {
        for (const variable of Object.keys(variables)) {
          expect(sourceOf(service)).toContain(`'${variable.replace(/^FAULT_/, '')}'`);
        }
      }
    }
  });

  it('says of every fault what must be found, and of the healthy shop nothing', () => {
    for (const { name, settings, mustFind } of SCENARIOS) {
      expect([name, mustFind.length > 0]).toEqual([name, Object.keys(settings).length > 0]);
    }
  });

  it('lets faults that begin later begin after a baseline', () => {
    for (const { settings, faultAfterSeconds } of SCENARIOS) {
      const later = Object.values(settings)
        .flatMap(Object.keys)
        .some((variable) => variable.startsWith('FAULT_'));
      expect(faultAfterSeconds > 0).toBe(later);
    }
  });
});
