import type { Baseline } from '../baseline.ts';
import type { Rule } from '../rules/index.ts';
import { deepChains, slowChains } from './chains.ts';
import { edgesOutsideBaseline } from './edges.ts';
import { matchingFindings } from './findings.ts';
import { laggingQueues } from './queues.ts';
import type { Moment, Sample } from './sample.ts';

export type { Observations, Sample } from './sample.ts';

/** Where the rule's condition holds now; undefined where what it looks at could not be had. */
export const measure = (rule: Rule, moment: Moment, baseline: Baseline): readonly Sample[] | undefined => {
  switch (rule.kind) {
    case 'chain-depth':
      return deepChains(rule, moment.observations);
    case 'chain-p99':
      return slowChains(rule, moment.observations);
    case 'queue-lag':
      return laggingQueues(rule, moment.observations);
    case 'new-sync-edge':
      return edgesOutsideBaseline(rule, moment, baseline);
    case 'finding':
      return matchingFindings(rule, moment.observations);
  }
};
