import { useEffect, useRef, useState } from 'preact/hooks';
import type { TraceSort } from '../../../../collector/src/contract/index.ts';
import { useShortcuts } from '../../state/shortcuts.ts';
import { live, problem, query, SORTS, setLive, setQuery, setSort, sort } from './search.ts';
import './SearchBar.css';

/** The query as text, the order of the list, and the live tail. */
export const SearchBar = () => {
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(query.value);
  const given = query.value;
  useEffect(() => setText(given), [given]);
  useShortcuts({ search: () => field.current?.select(), live: () => setLive(!live.peek()) });
  return (
    <search>
      <form
        class="search"
        onSubmit={(event) => {
          event.preventDefault();
          setQuery(text.trim());
        }}
      >
        <div class="search__field">
          <input
            ref={field}
            class="field"
            type="search"
            aria-label="Search flows"
            aria-invalid={problem.value !== undefined}
            aria-describedby="search-problem"
            placeholder="service=gateway name=/checkout minDuration=300ms error=true queue=true"
            spellcheck={false}
            autocomplete="off"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
            onBlur={() => setQuery(text.trim())}
          />
          <kbd>/</kbd>
        </div>
        <div class="search__sort" role="radiogroup" aria-label="Order">
          {(Object.keys(SORTS) as TraceSort[]).map((order) => (
            // biome-ignore lint/a11y/useSemanticElements: a row of buttons; the role says that one of them holds
            <button
              type="button"
              role="radio"
              key={order}
              class="btn"
              aria-checked={sort.value === order}
              onClick={() => setSort(order)}
            >
              {SORTS[order]}
            </button>
          ))}
        </div>
        <button
          type="button"
          class="btn search__live"
          aria-pressed={live.value}
          title="Show new flows as they arrive (l)"
          onClick={() => setLive(!live.value)}
        >
          Live
        </button>
      </form>
    </search>
  );
};
