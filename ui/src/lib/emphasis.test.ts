import { describe, expect, it } from 'vitest';
import { emphasise } from './emphasis.ts';

const strong = (sentence: string, names: string[] = []) =>
  emphasise(sentence, names)
    .filter((part) => part.strong)
    .map((part) => part.text);

describe('a sentence', () => {
  it('has its figures and places in bold', () =>
    expect(
      strong('The user waited 480 ms, 61 % of it in payment. It lay 3 min 10 s in orders.created.', [
        'payment',
        'orders',
        'orders.created',
      ]),
    ).toEqual(['480 ms', '61 %', 'payment', '3 min 10 s', 'orders.created']));
  it('keeps every character', () => {
    const sentence = 'a 5 ms b (c) $& <b>x</b> 7 s';
    expect(
      emphasise(sentence, ['c', '(c)', '$&'])
        .map((part) => part.text)
        .join(''),
    ).toBe(sentence);
  });
  it('does not bold the first part of a longer name', () =>
    expect(strong('in orders.internal.', ['orders'])).toEqual([]));
  it('does not bold a name inside another word', () =>
    expect(strong('reorders of order-x', ['order'])).toEqual([]));
});
