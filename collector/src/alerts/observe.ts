import type { Chain, Finding, MapEdge, Queue, TimeRange } from '../analysis/index.ts';
import type { Observations } from './measure/index.ts';
import type { Rule } from './rules/index.ts';

/** What the analyses know of a time range. A rejection means that the part is unknown now. */
export interface AlertSource {
  chains(range: TimeRange): Promise<readonly Chain[]>;
  queues(range: TimeRange): Promise<readonly Queue[]>;
  map(range: TimeRange): Promise<{ readonly edges: readonly MapEdge[] }>;
  findings(range: TimeRange): Promise<readonly Finding[]>;
}

export type Part = keyof AlertSource;

/** What a rule cannot do without, and what only adds to what it says. */
const NEEDS: Readonly<Record<Rule['kind'], { readonly part: Part; readonly also?: Part }>> = {
  'chain-depth': { part: 'chains' },
  'chain-p99': { part: 'chains' },
  'queue-lag': { part: 'queues' },
  'new-sync-edge': { part: 'map', also: 'chains' },
  finding: { part: 'findings' },
};

export const neededPart = (rule: Rule): Part => NEEDS[rule.kind].part;

const partsFor = (rules: readonly Rule[]): ReadonlySet<Part> =>
  new Set(rules.flatMap(({ kind }) => Object.values(NEEDS[kind])));

export interface Observed {
  readonly observations: Observations;
  /** By part that was asked: why it is missing, or undefined where it is there. */
  readonly problems: ReadonlyMap<Part, string | undefined>;
}

/** Asks the source for what the rules need, all at once. Never rejects. */
export const observe = async (
  source: AlertSource,
  rules: readonly Rule[],
  range: TimeRange,
): Promise<Observed> => {
  const parts = partsFor(rules);
  const problems = new Map<Part, string | undefined>();
  const ask = async <T>(part: Part, question: () => Promise<T>): Promise<T | undefined> => {
    if (!parts.has(part)) return undefined;
    try {
      const answer = await question();
      problems.set(part, undefined);
      return answer;
    } catch (error) {
      problems.set(part, error instanceof Error ? error.message : String(error));
      return undefined;
    }
  };
  const [chains, queues, map, findings] = await Promise.all([
    ask('chains', () => source.chains(range)),
    ask('queues', () => source.queues(range)),
    ask('map', () => source.map(range)),
    ask('findings', () => source.findings(range)),
  ]);
  const window = Number(range.end - range.start);
  return { observations: { chains, queues, edges: map?.edges, findings, window }, problems };
};
