import { labelsOfMetric, METRIC_NAMES, type SeriesRequest, type TimeRange } from '../analysis/index.ts';
import { NANOS_PER_SECOND } from '../model/index.ts';
import { RequestError } from './errors.ts';

/** Analysis keeps its figures in buckets of this many seconds. */
const BUCKET_SECONDS = 10;
/** About a point per pixel of a wide chart; also what an asker who names no step gets at most. */
const USUAL_POINTS = 300;
const MAX_POINTS = 5_000;

interface SeriesQuery {
  readonly metric: string;
  readonly by?: string | undefined;
  readonly filter?: string | undefined;
  readonly step?: number | undefined;
}

/** Reads `by=a,b` and `filter=a:x,b:y` (a value may itself hold colons) and checks all of it. */
export const seriesRequest = (query: SeriesQuery, range: TimeRange): SeriesRequest => {
  if (!METRIC_NAMES.includes(query.metric)) {
    throw new RequestError(
      'unknown_metric',
      `there is no metric "${query.metric}"; there are ${METRIC_NAMES.join(', ')}`,
    );
  }
  const seconds = Number(range.end - range.start) / NANOS_PER_SECOND;
  const stepSeconds = query.step ?? Math.ceil(seconds / USUAL_POINTS / BUCKET_SECONDS) * BUCKET_SECONDS;
  if (stepSeconds % BUCKET_SECONDS !== 0) {
    throw new RequestError('invalid_request', `step must be a multiple of ${BUCKET_SECONDS} seconds`);
  }
  if (seconds / stepSeconds > MAX_POINTS) {
    throw new RequestError(
      'invalid_request',
      `that is over ${MAX_POINTS} points: widen the step or shorten the range`,
    );
  }
  const filter = Object.fromEntries(parts(query.filter).map(labelAndValue));
  const by = query.by === undefined ? labelsOfMetric(query.metric) : parts(query.by);
  const known = labelsOfMetric(query.metric);
  for (const label of [...by, ...Object.keys(filter)]) {
    if (known.includes(label)) continue;
    throw new RequestError(
      'unknown_label',
      `${query.metric} has no label "${label}"; it has ${known.join(', ')}`,
    );
  }
  return { metric: query.metric, by, stepSeconds: Math.max(BUCKET_SECONDS, stepSeconds), filter };
};

const parts = (text: string | undefined): string[] => (text ?? '').split(',').filter(Boolean);

const labelAndValue = (pair: string): [string, string] => {
  const colon = pair.indexOf(':');
  if (colon < 1)
    throw new RequestError('invalid_request', `filter "${pair}" must be of the form label:value`);
  return [pair.slice(0, colon), pair.slice(colon + 1)];
};
