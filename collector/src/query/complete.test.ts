import { describe, expect, it } from 'vitest';
import { type Completion, completionsAt } from './complete.ts';

/** What is expected where ¦ stands. */
const at = (marked: string): Completion => completionsAt(marked.replace('¦', ''), marked.indexOf('¦'));

describe('completion', () => {
  it('offers a field after a brace, a parenthesis, && and ||', () => {
    for (const text of [
      '{¦',
      '{ ¦',
      '{ (¦',
      '{ .a = 1 && ¦',
      '{ .a || ¦ }',
      '{ ¦ }',
      '{} | avg(¦',
      '{} | select(.a, ¦)',
    ]) {
      expect(at(text), text).toMatchObject({ expects: 'field', typed: '', attribute: { prefix: '' } });
    }
    expect(at('{ ¦').options).toEqual(
      expect.arrayContaining(['name', 'span:duration', 'resource.', 'parent.']),
    );
  });

  it('knows what was typed of a field, with its scope', () => {
    expect(at('{ du¦')).toMatchObject({
      expects: 'field',
      from: 2,
      typed: 'du',
      options: ['duration'],
      attribute: { scope: undefined, prefix: 'du' },
    });
    expect(at('{ span.http.st¦')).toMatchObject({ from: 2, attribute: { scope: 'span', prefix: 'http.st' } });
    expect(at('{ .¦')).toMatchObject({ typed: '.', attribute: { scope: 'any', prefix: '' } });
    expect(at('{ resource.¦')).toMatchObject({
      typed: 'resource.',
      attribute: { scope: 'resource', prefix: '' },
    });
    expect(at('{ parent.¦')).toMatchObject({ attribute: { scope: 'any', prefix: '' } });
    expect(at('{ parent.span.a¦')).toMatchObject({ attribute: { scope: 'span', prefix: 'a' } });
    expect(at('{ span:¦').options).toContain('span:status');
  });

  it('offers the operators that the field can take', () => {
    expect(at('{ .foo ¦')).toMatchObject({
      expects: 'operator',
      options: expect.arrayContaining(['=~', '<']),
    });
    expect(at('{ status ¦').options).toEqual(['=', '!=']);
    expect(at('{ duration ¦').options).not.toContain('=~');
  });

  it('offers values, and says of which field', () => {
    expect(at('{ status = ¦')).toMatchObject({
      expects: 'value',
      options: ['unset', 'ok', 'error'],
      comparedField: { name: 'span:status' },
    });
    expect(at('{ kind != se¦').options).toEqual(['server']);
    expect(at('{ resource.service.name = "ord¦')).toMatchObject({
      expects: 'value',
      typed: '"ord',
      comparedField: { type: 'attribute', scope: 'resource', key: 'service.name' },
    });
    expect(at('{ .a = -¦')).toMatchObject({ expects: 'value', comparedField: { key: 'a' } });
  });

  it('offers what joins after a whole comparison', () => {
    for (const text of [
      '{ .a = 1 ¦',
      '{ .a = "x" ¦',
      '{ status = error ¦',
      '{ (.a = 1) ¦',
      '{ .a = nil ¦',
      '{ true ¦',
    ]) {
      expect(at(text), text).toMatchObject({ expects: 'connector', options: ['&&', '||', '}', ')'] });
    }
  });

  it('goes on after braces and in pipelines', () => {
    expect(at('{ .a = 1 } ¦')).toMatchObject({ expects: 'spansetOperator' });
    expect(at('{} >> ¦')).toMatchObject({ expects: 'spanset', options: ['{', '('] });
    expect(at('({} | count() > 1) ¦')).toMatchObject({ expects: 'spansetOperator' });
    expect(at('{} | ¦').options).toEqual(expect.arrayContaining(['count()', 'avg(', 'select(']));
    expect(at('{} | c¦')).toMatchObject({ from: 5, options: ['count()'] });
    expect(at('{} | count() ¦')).toMatchObject({ expects: 'aggregateOperator' });
    expect(at('{} | avg(duration) > ¦')).toMatchObject({ expects: 'number' });
    expect(at('{} | select(.a ¦')).toMatchObject({ expects: 'separator' });
    expect(at('{} | select(.a) ¦')).toMatchObject({ expects: 'spansetOperator' });
  });

  it('looks only at what stands before the place', () => {
    expect(at('{ status = ¦error && name = "x" }')).toMatchObject({ expects: 'value', typed: '' });
    expect(at('{ na¦me = "x" }')).toMatchObject({ expects: 'field', typed: 'na' });
  });

  it('serves the words of the search box too', () => {
    expect(at('¦').options).toEqual(expect.arrayContaining(['{', 'service=']));
    expect(at('service=orders er¦')).toMatchObject({ expects: 'word', from: 15, options: ['error='] });
    expect(at('error=¦')).toMatchObject({ expects: 'wordValue', word: 'error', options: ['true', 'false'] });
    expect(at('service=a name="POST /ch¦')).toMatchObject({
      expects: 'wordValue',
      word: 'name',
      typed: '"POST /ch',
    });
  });
});
