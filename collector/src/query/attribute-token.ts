import type { AttributeValue } from '../model/index.ts';

/** A value that `=` can ask for. */
export type Scalar = string | boolean | number | bigint;

/**
 * The value as a text that two values share exactly where `=` holds between them: an integer and the float equal to
 * it have one token, the text "1" another. For the sets and filters of a block.
 */
export const valueToken = (value: Scalar): string => {
  if (typeof value === 'string') return `s${value}`;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return `n${typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value}`;
};

/** The tokens by which an attribute is found: its own, or those of an array's elements; none for other values. */
export const valueTokens = (value: AttributeValue): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap(valueTokens);
  return value !== null && typeof value !== 'object' ? [valueToken(value)] : [];
};
