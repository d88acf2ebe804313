import { formatCount, formatRate, formatShare } from './figures.ts';

/** `ackWaitSeconds` as `ack wait seconds`. */
export const humanise = (key: string): string =>
  key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]/g, ' ')
    .toLowerCase();

/** A figure whose meaning only its name tells: shares as per cent, whole numbers with thousands apart. */
export const formatFigure = (key: string, value: number): string => {
  if (/share|ratio|rate$|radius|availability|coupling|probability/i.test(key) && value >= 0 && value <= 1)
    return formatShare(value);
  if (Number.isInteger(value)) return formatCount(value);
  return Math.abs(value) < 10 ? String(Number(value.toPrecision(3))) : formatRate(value);
};
