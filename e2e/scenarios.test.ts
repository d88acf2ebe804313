import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Demo, startDemo } from '../demo/src/run.ts';
import { SCENARIOS } from '../demo/src/scenarios/index.ts';

interface Finding {
  readonly type: string;
  readonly severity: 'info' | 'warning' | 'critical';
  readonly where: Readonly<Record<string, string>>;
  readonly sentence: string;
  readonly evidence: { readonly flows: readonly string[] };
}

let demo: Demo | undefined;
afterEach(() => demo?.stop());

const findings = async (): Promise<Finding[]> => {
  const response = await fetch(`${demo?.urls.ui}/api/v1/findings`);
  return ((await response.json()) as { findings: Finding[] }).findings;
};

const matches = (
  finding: Finding,
  type: string,
  where: Readonly<Record<string, string | undefined>>,
): boolean =>
  finding.type === type && Object.entries(where).every(([key, value]) => finding.where[key] === value);

/** Long enough for each fault to show, on a busy machine too. */
const PATIENCE_MS = 120_000;
/** What a healthy shop is watched for. */
const HEALTHY_MS = 45_000;

describe('each story of the demo', () => {
  it.each(SCENARIOS.filter((scenario) => scenario.mustFind.length > 0))(
    'is found out: $name',
    async (scenario) => {
      demo = await startDemo({ scenario: scenario.name });
      await vi.waitFor(
        async () => {
          const found = await findings();
          for (const { type, where, meaning } of scenario.mustFind) {
            const match = found.find((finding) => matches(finding, type, where));
            expect(
              match,
              `${meaning}; found: ${found.map((one) => `${one.type} ${JSON.stringify(one.where)}`).join(', ')}`,
            ).toBeDefined();
            expect(match?.evidence.flows.length).toBeGreaterThan(0);
          }
        },
        { timeout: PATIENCE_MS, interval: 1_000 },
      );
      const expected = scenario.mustFind.map(({ type }) => type);
      const others = (await findings()).filter(
        (one) => one.severity === 'critical' && !expected.includes(one.type),
      );
      expect(others.map((one) => one.sentence)).toEqual([]);
      const [{ evidence }] = (await findings()).filter((one) => expected.includes(one.type)) as [Finding];
      const flow = await fetch(`${demo.urls.ui}/api/v1/flows/${evidence.flows[0]}`);
      expect(flow.status).toBe(200);
    },
  );

  it('is quiet where nothing is wrong: healthy', async () => {
    demo = await startDemo({ scenario: 'healthy' });
    await new Promise((resolve) => setTimeout(resolve, HEALTHY_MS));
    const loud = (await findings()).filter((one) => one.severity !== 'info');
    expect(loud.map((one) => one.sentence)).toEqual([]);
    expect(demo.traffic.failed).toBe(0);
  });
});
