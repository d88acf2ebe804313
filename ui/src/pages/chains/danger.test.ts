import { describe, expect, it } from 'vitest';
import type { Chain, ChainHop } from '../../../../collector/src/contract/index.ts';
import { isHot, seenCoupling, sharesOf, stakeOf, verdictOf } from './danger.ts';

const hop = (part: Partial<ChainHop>) =>
  ({ service: 'loyalty', calls: 100, errors: 0, attempts: 1, blockedShare: 0, ...part }) as ChainHop;
const chain = (part: Partial<Chain>) =>
  ({
    depth: 2,
    count: 100,
    availability: 1,
    blastRadius: 0,
    retryAmplification: 1,
    weakestHop: 1,
    hops: [hop({})],
    ...part,
  }) as unknown as Chain;
const level = (part: Partial<Chain>) => verdictOf(chain(part)).level;
const prior = hop({ coupling: 0.5 });

describe('the verdict on a chain', () => {
  it('is calm where nothing failed, whatever could', () => {
    expect(level({ blastRadius: 0.5, hops: [hop({}), prior] })).toBe('calm');
    expect(level({ depth: 4, blastRadius: 0.5, hops: [hop({}), prior] })).toBe('deep');
  });
  it('is critical where requests fail, or where a hop drags its caller along', () => {
    expect(level({ availability: 0.98 })).toBe('critical');
    expect(level({ hops: [hop({}), hop({ coupling: 0.97, errors: 20 })] })).toBe('critical');
    expect(verdictOf(chain({ hops: [hop({ coupling: 0.97, errors: 30 })] })).why).toBe(
      '97 % of 30 failures of loyalty failed its caller too',
    );
  });
  it('is a warning where few requests fail, or where calls are repeated', () => {
    expect(level({ availability: 0.998 })).toBe('warning');
    expect(level({ retryAmplification: 2.6 })).toBe('warning');
    expect(level({ retryAmplification: 1.2 })).toBe('calm');
  });
  it('waits for evidence', () => {
    expect(level({ availability: 0.5, count: 19 })).toBe('calm');
    expect(level({ hops: [hop({ coupling: 0.9, errors: 19 })] })).toBe('calm');
    expect(level({ hops: [hop({ coupling: 0.2, errors: 500 })] })).toBe('calm');
  });
});

describe('what is at stake if the weakest hop stops', () => {
  it('is measured where every hop on the way has failed before', () => {
    const hops = [hop({}), hop({ coupling: 0.9, errors: 12 }), prior];
    expect(stakeOf(chain({ hops, blastRadius: 0.9 }))).toEqual({ share: 0.9, assumed: false });
  });
  it('is the most that can be where one has not', () => {
    const hops = [hop({}), hop({ coupling: 0.9, errors: 12 }), prior];
    expect(stakeOf(chain({ hops, weakestHop: 2, blastRadius: 0.45 }))).toEqual({ share: 0.9, assumed: true });
    const rare = [hop({}), hop({ coupling: 0.5, calls: 30 })];
    expect(stakeOf(chain({ hops: rare, blastRadius: 0.15 }))).toEqual({ share: 0.3, assumed: true });
  });
  it('is nothing known for a chain of one', () =>
    expect(stakeOf(chain({ weakestHop: 0, hops: [hop({})] })).assumed).toBe(true));
});

describe('a hop', () => {
  it('has a coupling once it has failed', () => {
    expect(seenCoupling(prior)).toBeUndefined();
    expect(seenCoupling(hop({ coupling: 0.67, errors: 1 }))).toBe(0.67);
  });
  it('is hot where it fails and drags its caller along, or is retried', () => {
    expect(isHot(hop({ coupling: 0.99, errors: 4 }))).toBe(true);
    expect(isHot(hop({ coupling: 0.99 }))).toBe(false);
    expect(isHot(hop({ attempts: 2.6 }))).toBe(true);
    expect(isHot(hop({ calls: 0 }))).toBe(false);
  });
  it('has a share that never exceeds the whole', () => {
    const shares = sharesOf(chain({ hops: [hop({ blockedShare: 0.9 }), hop({ blockedShare: 0.6 })] }));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
  });
});
