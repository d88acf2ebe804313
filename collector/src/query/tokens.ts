import type { AttributeScope } from './ast.ts';

interface Place {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export interface AttributeToken extends Place {
  readonly kind: 'attribute';
  readonly scope: AttributeScope;
  readonly ofParent: boolean;
  /** As written, quotation marks and all. */
  readonly rawKey: string;
}

export interface StringToken extends Place {
  readonly kind: 'string';
  /** False where the closing quotation mark is missing. */
  readonly closed: boolean;
}

export interface PlainToken extends Place {
  readonly kind: 'word' | 'number' | 'operator' | 'bracket' | 'comma' | 'open-comment' | 'unknown';
}

export type Token = AttributeToken | StringToken | PlainToken;

const SPACE = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;
/** Tempo's rule: everything but blanks, brackets, commas and the characters of operators; quoted parts hold anything. */
const KEY = String.raw`(?:"(?:[^"\\]|\\.)*"|[^\s{}()=~!<>&|^,"])+`;
const ATTRIBUTE = new RegExp(
  String.raw`(parent\.)?(?:(span|resource|event|link|instrumentation)\.|(?<=parent\.)|\.)(${KEY})`,
  'y',
);
const PLAIN: readonly (readonly [PlainToken['kind'], RegExp])[] = [
  ['number', /\d+(?:\.\d+)?(?:[\p{L}_][\p{L}\p{N}_.]*)?/uy],
  ['word', /[\p{L}_$][\p{L}\p{N}_:.$-]*/uy],
  ['open-comment', /\/\*[\s\S]*/y],
  ['operator', /&&|\|\||!>>|!<<|&>>|&<<|[!&][<>~]|>>|<<|[<>!]=|=~|[=<>~|+\-*/%^!]/y],
  ['bracket', /[{}()]/y],
  ['comma', /,/y],
];
const STRING = /"(?:[^"\\\n]|\\[^\n])*("?)|`[^`]*(`?)/y;

const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

const tokenAt = (text: string, from: number): Token => {
  const attribute = matchAt(ATTRIBUTE, text, from);
  if (attribute) {
    const [whole, parent, scope, rawKey] = attribute;
    return {
      kind: 'attribute',
      from,
      to: from + whole.length,
      text: whole,
      scope: (scope as AttributeScope | undefined) ?? 'any',
      ofParent: parent !== undefined,
      rawKey: rawKey as string,
    };
  }
  const string = matchAt(STRING, text, from);
  if (string) {
    const closed = Boolean(string[1] || string[2]);
    return { kind: 'string', from, to: from + string[0].length, text: string[0], closed };
  }
  for (const [kind, pattern] of PLAIN) {
    const match = matchAt(pattern, text, from);
    if (match) return { kind, from, to: from + match[0].length, text: match[0] };
  }
  const character = String.fromCodePoint(text.codePointAt(from) as number);
  return { kind: 'unknown', from, to: from + character.length, text: character };
};

/** The words of a query in order, without blanks and comments. Never fails: what fits nothing is `unknown`. */
export const tokensOf = (text: string): readonly Token[] => {
  const tokens: Token[] = [];
  let at = 0;
  while (true) {
    at += matchAt(SPACE, text, at)?.[0].length ?? 0;
    if (at >= text.length) return tokens;
    const token = tokenAt(text, at);
    tokens.push(token);
    at = token.to;
  }
};
