import type { TraceCondition } from './ast.ts';

/** What the summary of a trace tells without its spans. */
export interface TraceFacts {
  readonly services: readonly string[];
  readonly rootName: string;
  readonly errorCount: number;
  readonly queueHops: number;
  /** Of the entry span, ns. */
  readonly responseDuration: number;
}

export const meets = (conditions: readonly TraceCondition[], facts: TraceFacts): boolean =>
  conditions.every((condition) => holds(condition, facts));

const holds = (condition: TraceCondition, facts: TraceFacts): boolean => {
  switch (condition.fact) {
    case 'services':
      return facts.services.includes(condition.has);
    case 'rootName':
      return facts.rootName.toLowerCase().includes(condition.contains.toLowerCase());
    case 'hasErrors':
      return facts.errorCount > 0 === condition.is;
    case 'crossesQueue':
      return facts.queueHops > 0 === condition.is;
    case 'responseDuration':
      return facts.responseDuration >= condition.min && facts.responseDuration <= condition.max;
  }
};
