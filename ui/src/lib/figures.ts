/** `7,790`; whole numbers only. */
export const formatCount = (value: number): string => Math.round(value).toLocaleString('en-US');

/** Counts that may grow large, short: `950`, `12.4 k`, `3.1 M`. */
export const formatShortCount = (value: number): string => {
  if (value < 10_000) return formatCount(value);
  const [divisor, name] = value < 1e6 ? [1e3, 'k'] : value < 1e9 ? [1e6, 'M'] : ([1e9, 'G'] as const);
  const short = value / divisor;
  return `${short < 100 ? short.toFixed(1) : Math.round(short)} ${name}`;
};

/** A rate per second, with as many digits as it deserves: `0.02`, `3.4`, `41`, `1,240`. */
export const formatRate = (perSecond: number): string => {
  if (perSecond === 0) return '0';
  if (perSecond < 0.01) return '< 0.01';
  if (perSecond < 1) return String(Number(perSecond.toFixed(2)));
  if (perSecond < 10) return String(Number(perSecond.toFixed(1)));
  return formatCount(perSecond);
};

/** A share from 0 to 1: `61 %`, `2.1 %`, `99.97 %`. What is not quite all or nothing never rounds to it. */
export const formatShare = (share: number): string => {
  const percent = share * 100;
  if (percent === 0 || percent === 100) return `${percent} %`;
  if (percent < 0.01) return '< 0.01 %';
  if (percent > 99.99 && percent < 100) return '> 99.99 %';
  if (percent > 99 && percent < 100) return `${percent.toFixed(2)} %`;
  return `${Number(percent.toFixed(percent < 10 ? 1 : 0)) || percent.toFixed(2)} %`;
};

/** `1.2 GB`, in powers of 1000. */
export const formatBytes = (bytes: number): string => {
  const names = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let step = 0;
  while (value >= 999.5 && step < names.length - 1) {
    value /= 1000;
    step++;
  }
  return `${step === 0 || value >= 99.5 ? Math.round(value) : value.toFixed(1)} ${names[step]}`;
};

/** `1 error`, `2 errors`; in the number that is shown, so that 0.6 is `1 error` too. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${Math.round(count) === 1 ? one : many}`;
