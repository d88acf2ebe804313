import { QueryError } from './error.ts';
import { parseDuration } from './literals.ts';

/** What the words of the search box ask for; durations in nanoseconds of the response. */
export interface TraceWords {
  readonly service?: string;
  readonly name?: string;
  readonly errors?: boolean;
  readonly crossesQueue?: boolean;
  readonly minDuration?: number;
  readonly maxDuration?: number;
}

const WORD = /\s*(?:([A-Za-z]+)=("(?:[^"\\]|\\.)*"|[^\s"]*(?=\s|$))|(\S+))/y;
/**
 * Reads `service=orders name="POST /checkout" error=true queue=true minDuration=300ms maxDuration=2s`, in any order.
 * An empty text asks for everything. Throws `QueryError`.
 */
export const parseWords = (text: string): TraceWords => {
  const words: { -readonly [K in keyof TraceWords]: TraceWords[K] } = {};
  WORD.lastIndex = 0;
  while (WORD.lastIndex < text.trimEnd().length) {
    const start = WORD.lastIndex;
    const match = WORD.exec(text);
    if (!match) throw new QueryError('unfinished quotation', start);
    const [whole, key, value = '', other] = match;
    const position = start + whole.length - whole.trimStart().length;
    if (other?.includes('="')) throw new QueryError('unfinished quotation', position);
    if (other !== undefined || key === undefined) {
      throw new QueryError(
        `"${other}" is no word of the form key=value; known keys are ${WORD_KEYS.join(', ')}`,
        position,
      );
    }
    const literal = value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
    const at = position + key.length + 1;
    if (literal === '') throw new QueryError(`${key} needs a value`, at);
    switch (key) {
      case 'service':
        words.service = literal;
        break;
      case 'name':
        words.name = literal;
        break;
      case 'error':
        words.errors = boolean(key, literal, at);
        break;
      case 'queue':
        words.crossesQueue = boolean(key, literal, at);
        break;
      case 'minDuration':
        words.minDuration = duration(literal, at);
        break;
      case 'maxDuration':
        words.maxDuration = duration(literal, at);
        break;
      default:
        throw new QueryError(`"${key}" is not known; known keys are ${WORD_KEYS.join(', ')}`, position);
    }
  }
  return words;
};

/** The keys of the search box's words. */
export const WORD_KEYS = ['service', 'name', 'error', 'queue', 'minDuration', 'maxDuration'];

const boolean = (key: string, text: string, position: number): boolean => {
  if (text === 'true' || text === 'false') return text === 'true';
  throw new QueryError(`${key} must be true or false`, position);
};

const duration = (text: string, position: number): number => {
  const nanos = parseDuration(text);
  if (nanos === undefined) throw new QueryError(`"${text}" is no duration such as 300ms or 1.5s`, position);
  return nanos;
};
