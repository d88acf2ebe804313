import { describe, expect, it } from 'vitest';
import type { Chain, ChainHop } from '../../../../collector/src/contract/index.ts';
import { dangerOf, isHot, sharesOf } from './danger.ts';

const hop = (part: Partial<ChainHop>) =>
  ({ calls: 100, errors: 0, attempts: 1, blockedShare: 0, ...part }) as ChainHop;
const chain = (part: Partial<Chain>) =>
  ({ depth: 1, blastRadius: 0, retryAmplification: 1, hops: [], ...part }) as unknown as Chain;

describe('the danger of a chain', () => {
  it('grows with its depth, its blast radius and its retries', () => {
    expect(dangerOf(chain({}))).toBe('info');
    expect(dangerOf(chain({ depth: 3 }))).toBe('warning');
    expect(dangerOf(chain({ retryAmplification: 2.6 }))).toBe('warning');
    expect(dangerOf(chain({ depth: 4 }))).toBe('critical');
    expect(dangerOf(chain({ depth: 2, blastRadius: 0.62 }))).toBe('critical');
  });
  it('shows at the hop that fails and drags its caller along', () => {
    expect(isHot(hop({ coupling: 0.99, errors: 4 }))).toBe(true);
    expect(isHot(hop({ coupling: 0.99 }))).toBe(false);
    expect(isHot(hop({ attempts: 2.6 }))).toBe(true);
    expect(isHot(hop({ calls: 0 }))).toBe(false);
  });
  it('has shares that never exceed the whole', () => {
    const shares = sharesOf(chain({ hops: [hop({ blockedShare: 0.9 }), hop({ blockedShare: 0.6 })] }));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
  });
});
