import { describe, expect, it } from 'vitest';
import { attributeText, safeLink, sortedEntries } from './attribute-text.ts';

describe("an attribute's value", () => {
  it('is text whatever it was', () => {
    expect(attributeText('<img src=x onerror=alert(1)>')).toBe('<img src=x onerror=alert(1)>');
    expect(attributeText({ dangerouslySetInnerHTML: { __html: 'x' } })).toBe(
      '{"dangerouslySetInnerHTML":{"__html":"x"}}',
    );
    expect(attributeText([1, 'a', null])).toBe('[1,"a",null]');
    expect(attributeText(0)).toBe('0');
    expect(attributeText(false)).toBe('false');
    expect(attributeText(null)).toBe('');
  });
  it('survives a cycle', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    expect(attributeText(cycle)).toBe('(cannot be shown)');
  });
  it('becomes a link only with http or https', () => {
    expect(safeLink('https://example.com/a?b=c')).toBe('https://example.com/a?b=c');
    expect(safeLink('javascript:alert(1)')).toBeUndefined();
    expect(safeLink(' javascript:alert(1)')).toBeUndefined();
    expect(safeLink('data:text/html,x')).toBeUndefined();
    expect(safeLink('https://')).toBeUndefined();
  });
  it('is listed under hostile names too', () => {
    const hostile = JSON.parse('{"b":1,"__proto__":2,"a":3}') as Record<string, unknown>;
    expect(sortedEntries(hostile).map(([name]) => name)).toEqual(['__proto__', 'a', 'b']);
  });
});
