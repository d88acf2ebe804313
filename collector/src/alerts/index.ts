export type { AlertListener } from './announcer.ts';
export { UnknownAlertError } from './errors.ts';
export type { AlertLog } from './log.ts';
export type { Alerts } from './manager.ts';
export type { AlertMemory } from './memory.ts';
export type { AlertSource } from './observe.ts';
export { openAlerts } from './open.ts';
export {
  NO_RULES,
  parseRules,
  type RuleSet,
  RulesError,
  type RulesProblem,
  readRules,
} from './rules/index.ts';
