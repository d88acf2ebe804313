import { RULE_SCHEMAS, RulesFile, Webhook } from './schema.ts';

type Path = readonly PropertyKey[];

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What stands at the path in the plain value of the file. */
export const valueAt = (value: unknown, path: Path): unknown => {
  let here = value;
  for (const step of path) {
    if (Array.isArray(here)) here = here[Number(step)];
    else if (isRecord(here) && Object.hasOwn(here, step)) here = here[String(step)];
    else return undefined;
  }
  return here;
};

export const RULE_KINDS = Object.keys(RULE_SCHEMAS) as readonly (keyof typeof RULE_SCHEMAS)[];

const ruleKeys = (kind: unknown, inside: PropertyKey | undefined): readonly string[] => {
  const known = RULE_KINDS.find((name) => name === kind);
  if (known === undefined) return [];
  const shape = RULE_SCHEMAS[known].shape;
  if (inside === undefined) return Object.keys(shape);
  return Object.keys(shape.where.unwrap().shape);
};

/** The keys that the mapping at the path may have. */
export const knownKeys = (file: unknown, path: Path): readonly string[] => {
  if (path.length === 0) return Object.keys(RulesFile.shape);
  if (path[0] === 'rules') return ruleKeys(valueAt(file, [...path.slice(0, 2), 'kind']), path[2]);
  return path.length === 1 ? ['webhook'] : Object.keys(Webhook.shape);
};
