import type { Finding, Severity } from '../../../../collector/src/contract/index.ts';

const RANK: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, info: 2 };

export interface FindingGroup {
  readonly type: string;
  readonly severity: Severity;
  readonly findings: readonly Finding[];
}

const bySeverity = (a: Finding, b: Finding): number =>
  RANK[a.severity] - RANK[b.severity] ||
  b.lastSeen.padStart(20, '0').localeCompare(a.lastSeen.padStart(20, '0'));

/** Findings by type, the gravest type first; in each the gravest and newest first. */
export const groupFindings = (findings: readonly Finding[]): FindingGroup[] =>
  [...Map.groupBy([...findings].sort(bySeverity), (finding) => finding.type)].map(([type, group]) => ({
    type,
    severity: group[0]?.severity ?? 'info',
    findings: group,
  }));
