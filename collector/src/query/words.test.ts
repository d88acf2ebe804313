import { describe, expect, it } from 'vitest';
import { QueryError } from './error.ts';
import { parseWords } from './words.ts';

describe('search words', () => {
  it('may be none', () => {
    expect(parseWords('')).toEqual({});
    expect(parseWords('   ')).toEqual({});
  });

  it('are read in any order, with quotes and units', () => {
    expect(
      parseWords(
        'minDuration=300ms  name="POST /checkout" error=true service=gateway maxDuration=1.5s queue=false',
      ),
    ).toEqual({
      minDuration: 300e6,
      name: 'POST /checkout',
      errors: true,
      service: 'gateway',
      maxDuration: 1.5e9,
      crossesQueue: false,
    });
  });

  it('keep an escaped quotation mark', () => {
    expect(parseWords(String.raw`name="say \"hi\""`)).toEqual({ name: 'say "hi"' });
  });

  it.each([
    ['orders', 0, /no word of the form key=value/],
    ['service=a color=red', 10, /"color" is not known/],
    ['error=maybe', 6, /true or false/],
    ['minDuration=fast', 12, /no duration/],
    ['service=', 8, /needs a value/],
    ['name="open', 0, /unfinished quotation/],
  ])('point at the place where %s is wrong', (text, position, message) => {
    let error: unknown;
    try {
      parseWords(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(QueryError);
    expect((error as QueryError).message).toMatch(message);
    expect((error as QueryError).position).toBe(position);
  });
});
