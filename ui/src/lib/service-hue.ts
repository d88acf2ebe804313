const HUES = 8;

/** Of all seeds tried, this one spreads names that services often have (gateway, orders, payment...) best. */
const SEED = 985_592;

/** FNV-1a with a seed, finished by murmur3's mixer, since the low bits of FNV alone fall together on short names. */
const hash = (text: string): number => {
  let state = SEED;
  for (let index = 0; index < text.length; index++) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  }
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
};

/** The service's hue, 0 to 7: a function of the name alone, so that it is the same on every page and machine. */
export const serviceHue = (service: string): number => hash(service) % HUES;

/** The CSS colour of a service. Never the only cue: the name stands beside it. */
export const serviceColor = (service: string): string => `var(--svc-${serviceHue(service)})`;
