/** What the words of the search box ask for; durations in nanoseconds of the response. */
export interface TraceWords {
  readonly service?: string;
  readonly name?: string;
  readonly errors?: boolean;
  readonly crossesQueue?: boolean;
  readonly minDuration?: number;
  readonly maxDuration?: number;
}

/** The search text is wrong at this place (characters from 0). */
export class QueryError extends Error {
  override name = 'QueryError';
  readonly position: number;

  constructor(message: string, position: number) {
    super(`${message} (at character ${position + 1})`);
    this.position = position;
  }
}

const WORD = /\s*(?:([A-Za-z]+)=("(?:[^"\\]|\\.)*"|[^\s"]*(?=\s|$))|(\S+))/y;
const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

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
        `"${other}" is no word of the form key=value; known keys are ${KEYS.join(', ')}`,
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
        throw new QueryError(`"${key}" is not known; known keys are ${KEYS.join(', ')}`, position);
    }
  }
  return words;
};

const KEYS = ['service', 'name', 'error', 'queue', 'minDuration', 'maxDuration'];

const boolean = (key: string, text: string, position: number): boolean => {
  if (text === 'true' || text === 'false') return text === 'true';
  throw new QueryError(`${key} must be true or false`, position);
};

const duration = (text: string, position: number): number => {
  const match = /^(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)$/.exec(text);
  if (!match) throw new QueryError(`"${text}" is no duration such as 300ms or 1.5s`, position);
  return Number(match[1]) * (UNITS[match[2] as string] as number);
};
