import type { Token } from './tokens.ts';

/**
 * The query as the grammar can read it, every token at its own place: strings and attribute names become stand-ins of
 * the same length, comments become blanks.
 *
 * `@grafana/lezer-traceql` 1.0.0 refuses names that begin with one of its own words (`span.event.name`, `.links`) or
 * with a letter outside ASCII, takes a line break into a name, knows two escapes in strings, and wants no blank in
 * `count()`.
 */
export const plainText = (text: string, tokens: readonly Token[]): string => {
  let plain = '';
  const put = (at: number, piece: string): void => {
    plain = plain.padEnd(at) + piece;
  };
  tokens.forEach((token, i) => {
    const next = tokens[i + 1];
    if (token.kind === 'string') put(token.from, `"${'s'.repeat(token.text.length - 2)}"`);
    else if (token.kind === 'attribute') put(token.from, `.${'k'.repeat(token.text.length - 1)}`);
    else if (token.kind === 'number') put(token.from, token.text.replace(/[µμ]s$/, 'us'));
    else if (token.text === ')' && tokens[i - 1]?.text === '(' && tokens[i - 2]?.kind === 'word') return;
    else if (token.kind === 'word' && next?.text === '(' && tokens[i + 2]?.text === ')')
      put(token.from, `${token.text}()`);
    else if (token.text === '(' && next?.text === ')' && tokens[i - 1]?.kind === 'word') return;
    else put(token.from, token.text);
  });
  return plain.padEnd(text.length);
};
