import { useState } from 'preact/hooks';
import { Popover } from '../../components/Popover.tsx';
import { formatCount } from '../../lib/figures.ts';
import { chipLabel, FILTERS, type FilterKey, parseQuery, withFilter, withoutWord } from '../../lib/query.ts';
import { cursor, rows, shownKey } from './flow-list.ts';
import { problem, query, setQuery } from './search.ts';

const KEYS = Object.keys(FILTERS) as FilterKey[];

/** Filters for those who do not type: they write the same query. */
const FilterForm = ({ close }: { readonly close: () => void }) => {
  const words = parseQuery(query.peek());
  const given = (key: FilterKey) => words.find((word) => word.key === key)?.value ?? '';
  const [values, setValues] = useState(() => Object.fromEntries(KEYS.map((key) => [key, given(key)])));
  const services = [...new Set(rows.peek().flatMap((row) => row.services))].sort();
  const set = (key: FilterKey, value: string) => setValues((old) => ({ ...old, [key]: value }));
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault();
        close();
        setQuery(
          KEYS.reduce((text, key) => withFilter(text, key, values[key]?.trim() || undefined), query.peek()),
        );
      }}
    >
      {KEYS.map((key) => (
        <>
          <label for={`filter-${key}`}>{FILTERS[key].label}</label>
          {FILTERS[key].kind === 'flag' ? (
            <select
              id={`filter-${key}`}
              class="field"
              value={values[key]}
              onChange={(event) => set(key, event.currentTarget.value)}
            >
              <option value="">either way</option>
              <option value="true">yes</option>
              <option value="false">no</option>
            </select>
          ) : (
            <input
              id={`filter-${key}`}
              class="field"
              list={key === 'service' ? 'known-services' : undefined}
              placeholder={FILTERS[key].hint}
              value={values[key]}
              onInput={(event) => set(key, event.currentTarget.value)}
            />
          )}
        </>
      ))}
      <datalist id="known-services">
        {services.map((service) => (
          <option key={service} value={service} />
        ))}
      </datalist>
      <button type="submit" class="btn">
        Filter
      </button>
    </form>
  );
};

export const Chips = () => (
  <div class="chips">
    {parseQuery(query.value).map((word, index) => (
      <button
        type="button"
        class="chip"
        key={`${index}${word.key}`}
        aria-label={`Remove filter ${chipLabel(word)}`}
        onClick={() => setQuery(withoutWord(query.peek(), index))}
      >
        <span class="clip">{chipLabel(word)}</span>
        <span aria-hidden="true">✕</span>
      </button>
    ))}
    <Popover title="Add a filter" class="chip" label="+ add filter">
      {(close) => <FilterForm close={close} />}
    </Popover>
    <span class="chips__problem" id="search-problem" role="status">
      {problem.value}
    </span>
    <span class="chips__count">
      {shownKey.value === undefined
        ? ''
        : `${formatCount(rows.value.length)} ${rows.value.length === 1 ? 'flow' : 'flows'}${cursor.value === undefined ? '' : ' shown, more to load'}`}
    </span>
  </div>
);
