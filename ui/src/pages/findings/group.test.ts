import { expect, it } from 'vitest';
import type { Finding, Severity } from '../../../../collector/src/contract/index.ts';
import { groupFindings } from './group.ts';

const finding = (type: string, severity: Severity, lastSeen: string) =>
  ({ type, severity, lastSeen }) as Finding;

it('groups findings by type, the gravest first, then the newest', () => {
  const groups = groupFindings([
    finding('n-plus-one', 'info', '9'),
    finding('slow-queue', 'warning', '5'),
    finding('slow-queue', 'critical', '3'),
    finding('slow-queue', 'warning', '10'),
  ]);
  expect(groups.map((group) => [group.type, group.severity])).toEqual([
    ['slow-queue', 'critical'],
    ['n-plus-one', 'info'],
  ]);
  expect(groups[0]!.findings.map((each) => each.lastSeen)).toEqual(['3', '10', '5']);
});
