import { exactDuration, formatDuration } from '../lib/duration.ts';

/** A duration in nanoseconds, short, with every digit in its title. A dash where there is none. */
export const Duration = ({ nanos }: { readonly nanos: number | null | undefined }) =>
  nanos === null || nanos === undefined ? (
    <span class="dim">–</span>
  ) : (
    <span title={exactDuration(nanos)}>{formatDuration(nanos)}</span>
  );
