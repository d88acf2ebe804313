/** A part of the strip: of a flow's duration, what it was and how wide it is drawn. */
export interface StripPart {
  readonly kind: 'segment' | 'wait';
  readonly service: string;
  readonly duration: number;
  readonly error: boolean;
  /** Share of the strip's width, 0 to 1. */
  readonly width: number;
}

interface Part {
  readonly kind: 'segment' | 'wait';
  readonly service: string;
  readonly duration: number;
  readonly error: boolean;
}

const MOST_PARTS = 14;

/** Neighbours of the same kind and service become one part. */
const merged = (parts: readonly Part[]): Part[] => {
  const result: Part[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (last && last.kind === part.kind && last.service === part.service)
      result[result.length - 1] = {
        ...last,
        duration: last.duration + part.duration,
        error: last.error || part.error,
      };
    else result.push(part);
  }
  return result;
};

/**
 * Widths on a logarithmic feel: a part's share grows with the logarithm of its duration, so that 5 ms of work
 * stays visible beside 12 s of waiting, and the longer part is always the wider one. The whole strip grows
 * with the flow's duration against `longest`, the longest of the list.
 */
export const stripParts = (shape: readonly Part[], longest: number): StripPart[] => {
  const parts = merged(shape).slice(0, MOST_PARTS);
  const weight = (nanos: number) => Math.log2(2 + Math.max(0, nanos) / 1e6);
  const weights = parts.map((part) => weight(part.duration));
  const sum = weights.reduce((total, value) => total + value, 0);
  const total = parts.reduce((nanos, part) => nanos + Math.max(0, part.duration), 0);
  const fill = Math.min(1, Math.max(0.12, weight(total) / weight(Math.max(longest, total))));
  return parts.map((part, index) => ({ ...part, width: ((weights[index] ?? 0) / (sum || 1)) * fill }));
};

/** The strip in words, for screen readers and the title. */
export const stripText = (shape: readonly Part[], duration: (nanos: number) => string): string =>
  merged(shape)
    .slice(0, MOST_PARTS)
    .map((part) =>
      part.kind === 'wait'
        ? `waiting ${duration(part.duration)} in ${part.service}`
        : `${part.service} ${duration(part.duration)}${part.error ? ' with an error' : ''}`,
    )
    .join(', then ');
