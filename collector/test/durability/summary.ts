import { ACTIVITIES } from './activity.ts';
import type { KillReport } from './kill.ts';

const MAX_PROBLEMS = 20;

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** The report for people, a line a fact. */
export const summaryOf = (report: KillReport): string => {
  const landed = ACTIVITIES.filter((one) => report.activities.has(one))
    .map((one) => `${report.activities.get(one)} in ${one}`)
    .join(', ');
  const problems = report.problems.slice(0, MAX_PROBLEMS).map((problem) => `  - ${problem}`);
  return [
    `kills            ${report.kills} (${landed})`,
    `ready again      median ${median(report.readyMs)} ms, at most ${Math.max(...report.readyMs)} ms after the start`,
    `acknowledged     ${report.ackedSpans} spans in ${report.ackedRequests} requests; ${report.unansweredRequests} requests got no answer`,
    `read back        ${report.tracesRead} traces, ${report.spansRead} spans${report.goneTraces > 0 ? `; retention took ${report.goneTraces} traces` : ''}`,
    report.problems.length === 0 ? 'problems         none' : `PROBLEMS         ${report.problems.length}`,
    ...problems,
  ].join('\n');
};
