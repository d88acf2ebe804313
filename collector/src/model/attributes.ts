/**
 * An OTLP AnyValue: `bigint` is int_value, `number` is double_value, `null` an empty value.
 * A Map keeps hostile keys such as `__proto__` harmless.
 */
export type AttributeValue =
  | string
  | boolean
  | bigint
  | number
  | Uint8Array
  | null
  | readonly AttributeValue[]
  | ReadonlyMap<string, AttributeValue>;

/** Where a key comes twice the last value wins, as in the SDKs' own setAttribute. */
export type Attributes = ReadonlyMap<string, AttributeValue>;

export const NO_ATTRIBUTES: Attributes = new Map();

/** The first of the keys that holds a non-empty string. */
export const stringAttribute = (attributes: Attributes, ...keys: readonly string[]): string | undefined => {
  for (const key of keys) {
    const value = attributes.get(key);
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
};

/** The first of the keys that holds a number, whatever its OTLP type; decimal strings count too. */
export const numberAttribute = (attributes: Attributes, ...keys: readonly string[]): number | undefined => {
  for (const key of keys) {
    const value = attributes.get(key);
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if (typeof value === 'bigint') return Number(value);
    if (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  }
  return undefined;
};
