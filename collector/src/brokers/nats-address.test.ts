import { describe, expect, it } from 'vitest';
import { parseNatsAddress, withoutCredentials } from './nats-address.ts';

describe('the address of NATS', () => {
  it('has the port of NATS where none is given', () => {
    expect(parseNatsAddress('nats://broker')).toEqual({
      servers: ['broker:4222'],
      login: undefined,
      isWebSocket: false,
      isTls: false,
      shown: 'nats://broker:4222',
    });
  });

  it('is shown without user and password', () => {
    expect(parseNatsAddress('nats://shop:12345@127.0.0.1:4222')).toMatchObject({
      servers: ['127.0.0.1:4222'],
      login: { user: 'shop', pass: '12345' },
      shown: 'nats://127.0.0.1:4222',
    });
  });

  it('takes a lone name before the @ as a token', () => {
    expect(parseNatsAddress('tls://s3cr3t@broker')).toMatchObject({
      login: { token: 's3cr3t' },
      isTls: true,
      shown: 'tls://broker:4222',
    });
  });

  it('decodes passwords, and leaves a bare % in them as it is', () => {
    expect(parseNatsAddress('nats://u:p%40ss@b')?.login).toEqual({ user: 'u', pass: 'p@ss' });
    expect(parseNatsAddress('nats://u:100%@b')?.login).toEqual({ user: 'u', pass: '100%' });
  });

  it('may be several servers, IPv6 among them', () => {
    expect(parseNatsAddress('nats://u:p@[::1]:4223, nats://b')).toMatchObject({
      servers: ['[::1]:4223', 'b:4222'],
      login: { user: 'u', pass: 'p' },
      shown: 'nats://[::1]:4223,nats://b:4222',
    });
  });

  it('keeps whole URLs of WebSockets, without credentials', () => {
    expect(parseNatsAddress('wss://u:p@b:8443')).toMatchObject({
      servers: ['wss://b:8443'],
      isWebSocket: true,
      shown: 'wss://b:8443',
    });
  });

  it.each([
    '127.0.0.1:4222',
    'http://b',
    'nats://',
    'nats://b:port',
    'nats://a,tls://b',
    'nats://a,b',
    'nats://tok/en@b',
    'nats://u:p#w@b',
  ])('is not %s', (text) => {
    expect(parseNatsAddress(text)).toBeUndefined();
  });

  it.each([
    ['http://u:p@b:1', 'http://***@b:1'],
    ['u:p@b', '***@b'],
    ['nats://tok/en@b', 'nats://***@b'],
    ['nats://u:p@ss@b,nats://u:p@c', 'nats://***@c'],
    ['127.0.0.1:4222', '127.0.0.1:4222'],
  ])('is quoted without credentials where it is wrong: %s', (text, quoted) => {
    expect(withoutCredentials(text)).toBe(quoted);
  });
});
