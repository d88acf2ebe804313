import { describe, expect, it } from 'vitest';
import { dialable, snippets } from './snippets.ts';

describe('the way to connect a service', () => {
  it('names an address that can be dialled', () => {
    expect(dialable('http://127.0.0.1:4318', 'box')).toBe('http://127.0.0.1:4318');
    expect(dialable('0.0.0.0:4317', 'box')).toBe('http://box:4317');
    expect(dialable('[::]:4317', 'box')).toBe('http://box:4317');
  });
  it('says the real port in every language', () => {
    const all = snippets({ otlpHttp: 'http://127.0.0.1:1234', otlpGrpc: '127.0.0.1:1235', ui: '' }, 'box');
    for (const { code } of all) expect(code).toContain('http://127.0.0.1:1234');
  });
});
