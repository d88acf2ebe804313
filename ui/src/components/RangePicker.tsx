import { useState } from 'preact/hooks';
import { timeZone } from '../lib/clock.ts';
import { RELATIVE, type RelativeRange, rangeBounds, rangeLabel } from '../lib/time-range.ts';
import { range, setRange } from '../state/range.ts';
import { Popover } from './Popover.tsx';
import './RangePicker.css';

/** A local time as `<input type="datetime-local">` wants it. */
const inputTime = (millis: number): string => {
  const local = new Date(millis - new Date(millis).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
};

const Fixed = ({ close }: { readonly close: () => void }) => {
  const bounds = rangeBounds(range.peek(), Date.now());
  const [from, setFrom] = useState(inputTime(bounds.from));
  const [to, setTo] = useState(inputTime(bounds.to));
  const start = Date.parse(from);
  const end = Date.parse(to);
  const valid = end > start;
  return (
    <form
      class="range__fixed"
      onSubmit={(event) => {
        event.preventDefault();
        close();
        setRange({ kind: 'absolute', from: start, to: end });
      }}
    >
      <label>
        From
        <input
          class="field"
          type="datetime-local"
          step="1"
          value={from}
          onInput={(event) => setFrom(event.currentTarget.value)}
        />
      </label>
      <label>
        To
        <input
          class="field"
          type="datetime-local"
          step="1"
          value={to}
          onInput={(event) => setTo(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="btn" disabled={!valid}>
        {valid ? 'Show this range' : 'The end is before the start'}
      </button>
      <div class="dim">Times in {timeZone()}</div>
    </form>
  );
};

/** Picks the range of the view; it is kept in the URL and goes along from page to page. */
export const RangePicker = () => {
  const chosen = range.value;
  return (
    <Popover
      title="Time range"
      align="right"
      label={
        <>
          {rangeLabel(chosen)} <span aria-hidden="true">▾</span>
        </>
      }
    >
      {(close) => (
        <div class="range">
          <div class="range__list">
            {(Object.keys(RELATIVE) as RelativeRange[]).map((last) => (
              <button
                type="button"
                key={last}
                class="btn btn--quiet"
                aria-pressed={chosen.kind === 'relative' && chosen.last === last}
                onClick={() => {
                  close();
                  setRange({ kind: 'relative', last });
                }}
              >
                {RELATIVE[last].label}
              </button>
            ))}
          </div>
          <Fixed close={close} />
        </div>
      )}
    </Popover>
  );
};
