import type { SeriesRequest } from '../analysis/index.ts';
import { RequestError } from './errors.ts';

const DEFAULT_STEP_SECONDS = 10;
const BUCKET_SECONDS = 10;

interface SeriesQuery {
  readonly metric: string;
  readonly by?: string | undefined;
  readonly filter?: string | undefined;
  readonly step?: number | undefined;
}

/** Reads `by=a,b` and `filter=a:x,b:y`; a value may itself hold colons. */
export const seriesRequest = ({
  metric,
  by,
  filter,
  step = DEFAULT_STEP_SECONDS,
}: SeriesQuery): SeriesRequest => {
  if (step % BUCKET_SECONDS !== 0) {
    throw new RequestError('invalid_request', `step must be a multiple of ${BUCKET_SECONDS} seconds`);
  }
  const pairs = (filter ?? '').split(',').filter(Boolean);
  return {
    metric,
    by: (by ?? '').split(',').filter(Boolean),
    stepSeconds: step,
    filter: Object.fromEntries(pairs.map(labelAndValue)),
  };
};

const labelAndValue = (pair: string): [string, string] => {
  const colon = pair.indexOf(':');
  if (colon < 1)
    throw new RequestError('invalid_request', `filter "${pair}" must be of the form label:value`);
  return [pair.slice(0, colon), pair.slice(colon + 1)];
};
