export { RulesError, type RulesProblem } from './error.ts';
export { FINDING_TYPES } from './finding-types.ts';
export { applies } from './glob.ts';
export { NO_RULES, parseRules, type Rule, type RuleOf, type RuleSet, readRules } from './rules.ts';
export type { WebhookSettings } from './schema.ts';
