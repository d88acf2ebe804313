import { describe, expect, it } from 'vitest';
import { serviceColor, serviceHue } from './service-hue.ts';

describe("a service's hue", () => {
  it('is the same for the same name', () => expect(serviceHue('orders')).toBe(serviceHue('orders')));
  it('is one of the eight tokens, for any name', () => {
    for (const name of ['', 'gateway', '日本', 'a'.repeat(10_000)])
      expect(serviceColor(name)).toMatch(/^var\(--svc-[0-7]\)$/);
  });
  it('tells common names apart', () => {
    const common = ['gateway', 'checkout', 'orders', 'payment', 'inventory', 'shipping', 'email'];
    expect(new Set(common.map(serviceHue)).size).toBe(common.length);
  });
  it('spreads names over all eight', () => {
    const hues = new Set(Array.from({ length: 64 }, (_, index) => serviceHue(`service-${index}`)));
    expect(hues.size).toBe(8);
  });
});
