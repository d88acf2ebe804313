import { exactDuration, formatDuration, formatSeconds } from './duration.ts';
import { formatCount, formatRate, formatShare } from './figures.ts';

type Unit = 'duration' | 'seconds' | 'share' | 'perSecond' | 'times' | 'plain';

/** A figure of a finding as it is shown: `name value`, with every digit in the title. */
export interface ShownFigure {
  readonly name: string;
  readonly text: string;
  readonly title: string;
}

/** What the collector's findings call their figures: unit, and words where the name alone says too little. */
const KNOWN: Readonly<Record<string, readonly [unit: Unit, words?: string]>> = {
  p50: ['duration'],
  p95: ['duration'],
  p99: ['duration'],
  max: ['duration', 'longest'],
  wait: ['duration', 'waits'],
  needed: ['duration'],
  time: ['duration', 'together'],
  work: ['duration', 'first handling'],
  gap: ['duration', 'came again after'],
  offset: ['duration', 'ahead by'],
  before: ['duration', 'p95 before'],
  during: ['duration', 'p95 during'],
  bound: ['duration'],
  lagSeconds: ['seconds', 'lag'],
  share: ['share'],
  coupling: ['share'],
  availability: ['share', 'available'],
  availabilityProduct: ['share', 'by the product of its hops'],
  blastRadius: ['share'],
  requestsPerSecond: ['perSecond', 'requests'],
  growthPerSecond: ['perSecond', 'grows by'],
  growthLow: ['perSecond', 'at least'],
  growthHigh: ['perSecond', 'at most'],
  ratio: ['times', 'of a fair share'],
  amplification: ['times'],
  worstCase: ['times'],
};

/** `waitShare` as `wait share`. */
const humanise = (key: string): string =>
  key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]/g, ' ')
    .toLowerCase();

/** Figures that are not in the table go by how their names end, as the API writes them. */
const unitOf = (key: string, value: number): Unit => {
  if (Object.hasOwn(KNOWN, key)) return KNOWN[key]![0];
  if (/(^p\d{2,3}|Duration|Nanos|Wait)$/.test(key)) return 'duration';
  if (/Seconds$/.test(key)) return 'seconds';
  if (/PerSecond$/.test(key)) return 'perSecond';
  if (/(Share|Radius|Availability|Coupling)$/.test(key)) return 'share';
  return /Rate$/.test(key) && value >= 0 && value <= 1 ? 'share' : 'plain';
};

const plain = (value: number): string => {
  if (!Number.isFinite(value)) return '–';
  if (Number.isInteger(value) || Math.abs(value) >= 100) return formatCount(value);
  return String(Number(value.toPrecision(3)));
};

const signed = (value: number, format: (size: number) => string): string =>
  value < 0 ? `−${format(-value)}` : format(value);

const textOf = (unit: Unit, value: number): string => {
  switch (unit) {
    case 'duration':
      return formatDuration(value);
    case 'seconds':
      return formatSeconds(value);
    case 'share':
      return value >= 0 && value <= 1 ? formatShare(value) : plain(value);
    case 'perSecond':
      return `${signed(value, formatRate)}/s`;
    case 'times':
      return `${plain(Number(value.toPrecision(2)))}×`;
    case 'plain':
      return plain(value);
  }
};

/** One figure of a finding's evidence. Durations come in nanoseconds, shares from 0 to 1. */
export const shownFigure = (key: string, value: number): ShownFigure => {
  const unit = unitOf(key, value);
  const name = (Object.hasOwn(KNOWN, key) ? KNOWN[key]![1] : undefined) ?? humanise(key);
  const title = unit === 'duration' ? exactDuration(value) : String(value);
  return { name, text: textOf(unit, value), title: `${key}: ${title}` };
};
