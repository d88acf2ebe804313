import { SPAN_KINDS, STATUS_CODES } from '../model/index.ts';
import type { NumericStatic, Static } from './ast.ts';
import { QueryError } from './error.ts';

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

const LARGEST_INT = (1n << 63n) - 1n;

/** The duration in nanoseconds, or undefined where the text is none such as `300ms` or `1.5s`. */
export const parseDuration = (text: string): number | undefined => {
  const match = /^(\d+(?:\.\d+)?)(ns|us|µs|μs|ms|s|m|h)$/.exec(text);
  return match ? Number(match[1]) * (UNITS[match[2] as string] as number) : undefined;
};

/** An integer, a float or a duration. Throws `QueryError` where the text is none of them. */
export const numberLiteral = (text: string, position: number): NumericStatic => {
  const duration = parseDuration(text);
  if (duration !== undefined) return { type: 'duration', value: duration };
  if (/^\d+$/.test(text)) {
    const value = BigInt(text);
    if (value > LARGEST_INT) throw new QueryError(`${text} is larger than a 64-bit integer`, position);
    return { type: 'int', value };
  }
  if (/^\d+\.\d+$/.test(text)) return { type: 'float', value: Number(text) };
  throw new QueryError(
    `"${text}" is no number, and no duration such as 300ms or 1.5s with one unit of ns, us, ms, s, m, h`,
    position,
  );
};

export const negated = (value: NumericStatic): NumericStatic =>
  value.type === 'int' ? { type: 'int', value: -value.value } : { type: value.type, value: -value.value };

/** The value of a word such as `error`, `client` or `true`; undefined where the word has none. */
export const wordLiteral = (word: string): Static | undefined => {
  if (word === 'true' || word === 'false') return { type: 'boolean', value: word === 'true' };
  const status = STATUS_CODES.find((code) => code === word);
  if (status) return { type: 'status', value: status };
  const kind = SPAN_KINDS.find((one) => one === word);
  return kind && { type: 'kind', value: kind };
};

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  n: '\n',
  r: '\r',
  t: '\t',
};

/**
 * What stands between the quotation marks. Double quotes know \" \\ \n \r \t and \uXXXX; backquotes know no escape,
 * which is what patterns like. `position` is the token's own, for the error.
 */
export const stringLiteral = (text: string, position: number): string => {
  const inner = text.slice(1, -1);
  if (text.startsWith('`')) return inner;
  return inner.replace(/\\(u[0-9a-fA-F]{4}|[\s\S])/g, (sequence: string, what: string, at: number) => {
    if (what.length === 5) return String.fromCharCode(Number.parseInt(what.slice(1), 16));
    const meant = ESCAPES[what];
    if (meant !== undefined) return meant;
    throw new QueryError(
      `the escape ${sequence} is not known; write \\${sequence} or put the text in backquotes`,
      position + 1 + at,
    );
  });
};

/** An attribute's name as it is stored: quoted parts lose their marks and their escapes \" and \\. */
export const keyLiteral = (rawKey: string): string =>
  rawKey.replace(/"((?:[^"\\]|\\.)*)"/g, (_, quoted: string) => quoted.replace(/\\(["\\])/g, '$1'));
