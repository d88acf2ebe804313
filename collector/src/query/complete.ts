import { SPAN_KINDS, STATUS_CODES } from '../model/index.ts';
import { AGGREGATES, type AttributeScope, COMPARISONS, type Field, SCOPES } from './ast.ts';
import { type Expectation, expectationAfter } from './expectation.ts';
import { INTRINSIC_ALIASES, INTRINSIC_NAMES, type IntrinsicType, traitsOf } from './intrinsics.ts';
import { keyLiteral } from './literals.ts';
import { isTraceQl } from './parse.ts';
import { type Token, tokensOf } from './tokens.ts';
import { WORD_KEYS } from './words.ts';

/** What may be written at a place, and which part of the text it would replace. */
export interface Completion {
  readonly expects: Expectation['expects'] | 'word' | 'wordValue';
  /** [from, position) is what was typed of it. */
  readonly from: number;
  readonly typed: string;
  /** What the language itself offers here; names and values of attributes are the store's to know. */
  readonly options: readonly string[];
  /** Attributes that are called for: their scope (undefined where none was typed) and the beginning of the key. */
  readonly attribute?: { readonly scope: AttributeScope | undefined; readonly prefix: string };
  /** Where a value is expected, of which field. */
  readonly comparedField?: Field;
  /** Where the value of a word such as `service=` is expected, of which. */
  readonly word?: string;
}

/** What is expected at this place (characters from 0) of an unfinished query; what follows it is not looked at. */
export const completionsAt = (text: string, position: number): Completion => {
  const before = text.slice(0, position);
  if (!isTraceQl(before)) return wordCompletion(before);
  const tokens = tokensOf(before);
  const last = tokens.at(-1);
  const isTyping = last !== undefined && last.to === position && isPartial(last);
  const expectation = expectationAfter(isTyping ? tokens.slice(0, -1) : tokens);
  const typed = isTyping ? last.text : '';
  const attribute = expectation.expects === 'field' ? attributeTyped(isTyping ? last : undefined) : undefined;
  const comparedField = expectation.expects === 'value' ? expectation.field : undefined;
  return {
    expects: expectation.expects,
    from: position - typed.length,
    typed,
    options: optionsOf(expectation).filter((option) => option.startsWith(typed)),
    ...(attribute ? { attribute } : {}),
    ...(comparedField ? { comparedField } : {}),
  };
};

/** Whether more letters could still belong to the token. */
const isPartial = (token: Token): boolean => {
  if (token.kind === 'string') return !token.closed;
  return token.kind === 'attribute' || token.kind === 'word' || token.kind === 'number' || token.text === '.';
};

const SCOPE_TYPED = /^(?:parent\.)?(?:(span|resource|event|link|instrumentation)?\.)?$/;

const attributeTyped = (token: Token | undefined): Completion['attribute'] => {
  if (token?.kind === 'attribute') return { scope: token.scope, prefix: keyLiteral(token.rawKey) };
  const scope = token && SCOPE_TYPED.exec(token.text);
  if (scope) return { scope: (scope[1] as AttributeScope | undefined) ?? 'any', prefix: '' };
  return { scope: undefined, prefix: token?.text ?? '' };
};

const FIELD_OPTIONS = [
  ...INTRINSIC_ALIASES.keys(),
  ...SCOPES.map((scope) => `${scope}.`),
  'parent.',
  ...INTRINSIC_NAMES,
];

const STAGES = [...AGGREGATES.map((name) => (name === 'count' ? 'count()' : `${name}(`)), 'select(', '{'];

const optionsOf = (expectation: Expectation): readonly string[] => {
  switch (expectation.expects) {
    case 'spanset':
      return ['{', '('];
    case 'spansetOperator':
      return ['&&', '||', '>>', '>', '<<', '<', '~', '|'];
    case 'stage':
      return STAGES;
    case 'field':
      return FIELD_OPTIONS;
    case 'operator':
      return operatorsFor(expectation.field);
    case 'value':
      return valuesFor(expectation.field);
    case 'connector':
      return ['&&', '||', '}', ')'];
    case 'separator':
      return [',', ')'];
    case 'aggregateOperator':
      return COMPARISONS.filter((one) => !one.includes('~'));
    case 'openParenthesis':
      return ['('];
    case 'number':
      return [];
  }
};

const typeOf = (field: Field | undefined): IntrinsicType | undefined =>
  field?.type === 'intrinsic' ? traitsOf(field.name).type : undefined;

const operatorsFor = (field: Field): readonly string[] => {
  const type = typeOf(field);
  if (type === 'status' || type === 'kind') return ['=', '!='];
  return type === 'duration' ? COMPARISONS.filter((one) => !one.includes('~')) : COMPARISONS;
};

const valuesFor = (field: Field | undefined): readonly string[] => {
  switch (typeOf(field)) {
    case 'status':
      return STATUS_CODES;
    case 'kind':
      return SPAN_KINDS;
    case undefined:
      return ['true', 'false', 'nil'];
    default:
      return field?.type === 'intrinsic' && traitsOf(field.name).optional ? ['nil'] : [];
  }
};

const wordCompletion = (before: string): Completion => {
  const [typed] = /(?:[^\s"]|"(?:[^"\\]|\\.)*"?)*$/.exec(before) as RegExpExecArray;
  const key = /^([A-Za-z]+)=/.exec(typed)?.[1];
  const from = before.length - typed.length;
  if (key === undefined) {
    const keys = WORD_KEYS.map((one) => `${one}=`);
    // A query is still open to become TraceQL while nothing is there.
    const options = before.trim() === '' ? ['{', ...keys] : keys;
    return { expects: 'word', from, typed, options: options.filter((one) => one.startsWith(typed)) };
  }
  const value = typed.slice(key.length + 1);
  const options = key === 'error' || key === 'queue' ? ['true', 'false'] : [];
  return {
    expects: 'wordValue',
    from: from + key.length + 1,
    typed: value,
    options: options.filter((one) => one.startsWith(value)),
    word: key,
  };
};
