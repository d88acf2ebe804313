import { useState } from 'preact/hooks';
import { Failed, Loading, Nothing } from '../../components/states.tsx';
import { plural } from '../../lib/figures.ts';
import { useShortcuts } from '../../state/shortcuts.ts';
import { Chips } from './Chips.tsx';
import { FlowTable } from './FlowTable.tsx';
import { bounds, cursor, failure, loading, rows, shownKey } from './flow-list.ts';
import { Scatter } from './Scatter.tsx';
import { SearchBar } from './SearchBar.tsx';
import { query } from './search.ts';
import { useFlowSearch, useLiveTail, useSample } from './use-flow-search.ts';
import { useHasData } from './use-has-data.ts';
import { Welcome } from './Welcome.tsx';
import './FlowsPage.css';

const Results = ({ more, reload }: { readonly more: () => void; readonly reload: () => void }) => {
  const [atTop, setAtTop] = useState(true);
  const { waiting, show } = useLiveTail(!atTop);
  if (failure.value && rows.value.length === 0) return <Failed failure={failure.value} retry={reload} />;
  if (shownKey.value === undefined) return <Loading what="flows" />;
  if (rows.value.length === 0)
    return (
      <Nothing title="No flows here">
        {query.value === ''
          ? 'None started in this time range. '
          : 'None in this time range matches these filters. '}
        Widen the range, or remove a filter.
      </Nothing>
    );
  return (
    <div class="flows__list">
      {waiting > 0 && !atTop ? (
        <button
          type="button"
          class="btn flows__fresh"
          onClick={() => {
            show();
            document.querySelector('.flows__scroller')?.scrollTo(0, 0);
          }}
        >
          {plural(waiting, 'new flow')} ↑
        </button>
      ) : null}
      <FlowTable onTop={setAtTop}>
        <div class="flows__more">
          {cursor.value === undefined ? null : (
            <button type="button" class="btn" onClick={more} disabled={loading.value}>
              {loading.value ? 'Loading…' : 'Load more'}
            </button>
          )}
          {failure.value ? <span role="alert">{failure.value.message}</span> : null}
        </div>
      </FlowTable>
    </div>
  );
};

const Search = () => {
  const { reload, more } = useFlowSearch();
  const sample = useSample();
  useShortcuts({ reload });
  const within = bounds.value;
  return (
    <div class="flows">
      <h1 class="visually-hidden">Flows</h1>
      <SearchBar />
      <Chips />
      {within ? <Scatter rows={sample} bounds={within} /> : <div class="scatter" />}
      <Results more={more} reload={reload} />
    </div>
  );
};

/** All flows; or, while nothing has ever arrived, how to send some. */
export const FlowsPage = () => {
  const { known, empty, status } = useHasData();
  if (known && empty && status) return <Welcome status={status} />;
  return <Search />;
};
