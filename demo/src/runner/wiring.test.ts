import { describe, expect, it } from 'vitest';
import { readAnnouncement } from './collector.ts';
import { pickPorts } from './ports.ts';
import { addressesFor, type Ports, SERVICES } from './services.ts';

const PORTS = Object.fromEntries(SERVICES.map(({ name }, index) => [name, 20_000 + index])) as Ports;

describe('the wiring of the shop', () => {
  it('tells a service its own port and the neighbours that it calls, and nobody else', () => {
    expect(addressesFor('checkout', PORTS)).toEqual({
      PORT: '20001',
      DISCOUNT_URL: 'http://127.0.0.1:20002',
      SHIPPING_QUOTE_URL: 'http://127.0.0.1:20004',
      ORDERS_ADDRESS: '127.0.0.1:20005',
      PAYMENT_ADDRESS: '127.0.0.1:20007',
    });
    expect(addressesFor('loyalty', PORTS)).toEqual({ PORT: '20003' });
  });

  it('picks ports that are all different', async () => {
    const ports = await pickPorts(50);
    expect(new Set(ports).size).toBe(50);
  });

  it.each([
    ['ui http://127.0.0.1:4319', { key: 'ui', at: 'http://127.0.0.1:4319' }],
    ['otlp-grpc 127.0.0.1:4317', { key: 'otlpGrpc', at: '127.0.0.1:4317' }],
    ['otlp-http\thttp://127.0.0.1:4318 ', { key: 'otlpHttp', at: 'http://127.0.0.1:4318' }],
    ['zipkin http://127.0.0.1:9411', undefined],
    ['ui', undefined],
    ['the ui is at http://127.0.0.1:4319', undefined],
  ])("reads the collector's line %j", (line, announcement) => {
    expect(readAnnouncement(line)).toEqual(announcement);
  });
});
