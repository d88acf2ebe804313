import { isIPv4, isIPv6 } from 'node:net';

type Range = readonly [address: string, bits: number, what: string];

/** Special-purpose blocks of the IANA registry: none of them is a receiver on the public internet. */
const REFUSED_V4: readonly Range[] = [
  ['0.0.0.0', 8, 'an unspecified'],
  ['10.0.0.0', 8, 'a private'],
  ['100.64.0.0', 10, 'a carrier-internal'],
  ['127.0.0.0', 8, 'a loopback'],
  ['169.254.0.0', 16, 'a link-local'],
  ['172.16.0.0', 12, 'a private'],
  ['192.0.0.0', 24, 'a reserved'],
  ['192.0.2.0', 24, 'a documentation'],
  ['192.168.0.0', 16, 'a private'],
  ['198.18.0.0', 15, 'a benchmarking'],
  ['198.51.100.0', 24, 'a documentation'],
  ['203.0.113.0', 24, 'a documentation'],
  ['224.0.0.0', 4, 'a multicast'],
  ['240.0.0.0', 4, 'a reserved'],
];

const REFUSED_V6: readonly Range[] = [
  ['::', 128, 'an unspecified'],
  ['::1', 128, 'a loopback'],
  ['fc00::', 7, 'a private'],
  ['fe80::', 10, 'a link-local'],
  ['fec0::', 10, 'a private'],
  ['ff00::', 8, 'a multicast'],
  ['2001::', 23, 'a reserved'],
  ['2001:db8::', 32, 'a documentation'],
  ['2002::', 16, 'a tunnel'],
  ['3fff::', 20, 'a documentation'],
];

/** IPv6 blocks whose last four bytes are an IPv4 address that the packet goes to. */
const CARRIES_V4: readonly Range[] = [
  ['::ffff:0:0', 96, 'mapped'],
  ['64:ff9b::', 96, 'translated'],
];

const bytesOfV4 = (text: string): readonly number[] => text.split('.').map(Number);

const groups = (text: string): readonly number[] =>
  text === ''
    ? []
    : text.split(':').flatMap((group) => {
        if (!group.includes('.')) return [Number.parseInt(group, 16)];
        const [a, b, c, d] = bytesOfV4(group);
        return [a! * 256 + b!, c! * 256 + d!];
      });

const bytesOfV6 = (text: string): readonly number[] => {
  const [head, tail] = text.split('::');
  const front = groups(head!);
  const back = tail === undefined ? [] : groups(tail);
  const zeros = new Array<number>(8 - front.length - back.length).fill(0);
  return [...front, ...zeros, ...back].flatMap((group) => [group >> 8, group & 255]);
};

const bytesOf = (address: string): readonly number[] =>
  isIPv4(address) ? bytesOfV4(address) : bytesOfV6(address);

const inside = (bytes: readonly number[], [start, bits]: Range): boolean => {
  const prefix = bytesOf(start);
  for (let bit = 0; bit < bits; bit += 8) {
    const mask = bits - bit >= 8 ? 255 : 255 & ~(255 >> (bits - bit));
    if ((bytes[bit >> 3]! & mask) !== (prefix[bit >> 3]! & mask)) return false;
  }
  return true;
};

/** Only 2000::/3 is handed out as global unicast; whatever the list above misses outside it stays refused. */
const GLOBAL_UNICAST: Range = ['2000::', 3, 'global'];

/**
 * Why a webhook must not go to this address: `a loopback`, `a private`, ...; undefined for a public one.
 * IPv4 inside IPv6 is judged as the IPv4 address that it is. Anything that is no address is refused.
 */
export const refusedAddress = (address: string): string | undefined => {
  const plain = address.replace(/%.*$/, '');
  if (!isIPv4(plain) && !isIPv6(plain)) return 'an unknown';
  const bytes = bytesOf(plain);
  if (bytes.length === 4) return REFUSED_V4.find((range) => inside(bytes, range))?.[2];
  if (CARRIES_V4.some((range) => inside(bytes, range))) return refusedAddress(bytes.slice(12).join('.'));
  const refused = REFUSED_V6.find((range) => inside(bytes, range))?.[2];
  return refused ?? (inside(bytes, GLOBAL_UNICAST) ? undefined : 'a reserved');
};
