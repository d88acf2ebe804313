import { applies, type RuleOf } from '../rules/index.ts';
import { MAX_EXEMPLARS, type Observations, type Sample } from './sample.ts';

/** Findings of the rule's type, with their own severity where the rule names none. */
export const matchingFindings = (
  rule: RuleOf<'finding'>,
  { findings }: Observations,
): readonly Sample[] | undefined =>
  findings
    ?.filter((finding) => finding.type === rule.type && applies(rule, { ...finding.where }))
    .map((finding) => ({
      place: [finding.id],
      where: finding.where,
      severity: rule.severity ?? finding.severity,
      value: finding.count,
      bound: null,
      unit: 'times',
      sentence: finding.sentence,
      exemplars: finding.evidence.flows.slice(0, MAX_EXEMPLARS),
    }));
