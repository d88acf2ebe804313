import { describe, expect, it } from 'vitest';
import { chipLabel, formatQuery, parseQuery, queryProblem, withFilter, withoutWord } from './query.ts';

describe('a query', () => {
  it('is words of key=value', () =>
    expect(parseQuery('service=gateway  error=true')).toEqual([
      { key: 'service', value: 'gateway' },
      { key: 'error', value: 'true' },
    ]));
  it('takes a bare word as part of the name', () =>
    expect(parseQuery('/checkout')).toEqual([{ key: 'name', value: '/checkout' }]));
  it('survives the way to text and back, quotes, spaces and all', () => {
    const words = [
      { key: 'name', value: 'POST /check "out" \\ x' },
      { key: 'service', value: 'a=b' },
      { key: 'name', value: '' },
    ];
    expect(parseQuery(formatQuery(words))).toEqual(words);
  });
  it('reads an unclosed quote as the text that it is', () =>
    expect(parseQuery('name="POST')).toEqual([{ key: 'name', value: '"POST' }]));
  it('keeps a filter in its place when its value changes', () =>
    expect(withFilter('service=a error=true', 'service', 'b')).toBe('service=b error=true'));
  it('gains and loses filters', () => {
    expect(withFilter('service=a', 'queue', 'true')).toBe('service=a queue=true');
    expect(withFilter('service=a queue=true', 'queue', undefined)).toBe('service=a');
    expect(withoutWord('service=a queue=true', 0)).toBe('queue=true');
  });
  it('says what its chips mean', () => {
    expect(parseQuery('minDuration=300ms queue=true service=gateway error=false').map(chipLabel)).toEqual([
      'slower than 300 ms',
      'crosses a queue',
      'service: gateway',
      'not: has errors',
    ]);
  });
  it('says what is wrong with it', () => {
    expect(queryProblem('service=a minDuration=2s')).toBeUndefined();
    expect(queryProblem('minDuration=slow')).toContain('no duration');
    expect(queryProblem('constructor=x')).toContain('no filter');
    expect(queryProblem('error=maybe')).toContain('error=true');
  });

  it('leaves TraceQL to the collector', () => {
    const text = ' { span.http.route = "/orders" && duration > 1s }';
    expect(parseQuery(text)).toEqual([]);
    expect(queryProblem(text)).toBeUndefined();
    expect(withFilter(text, 'service', 'gateway')).toBe('service=gateway');
  });
});
