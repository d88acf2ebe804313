import { useMemo } from 'preact/hooks';
import type { Flow } from '../../../../collector/src/contract/index.ts';
import { Loaded } from '../../components/states.tsx';
import { api } from '../../state/api.ts';
import { useResource } from '../../state/resource.ts';
import { useShortcuts } from '../../state/shortcuts.ts';
import { FindingsTab } from './FindingsTab.tsx';
import { FlowBar } from './FlowBar.tsx';
import { FlowHead } from './FlowHead.tsx';
import { findInFlow } from './find.ts';
import { chooseFolds, idleGaps } from './fold.ts';
import { JsonTab } from './JsonTab.tsx';
import { flowModel } from './model.ts';
import { itemOf, linkOf } from './rows.ts';
import { Timeline } from './Timeline.tsx';
import { choose, chosen, find, tab } from './view.ts';
import './FlowPage.css';

const FlowView = ({ flow }: { readonly flow: Flow }) => {
  const model = useMemo(() => flowModel(flow), [flow]);
  const folds = useMemo(
    () => chooseFolds(idleGaps([...model.spans.values()], model.total), model.total),
    [model],
  );
  const text = find.value;
  const matches = useMemo(() => findInFlow(model, text), [model, text]);
  const selected = itemOf(model, chosen.value);
  const at = selected ? matches.findIndex((item) => item.key === selected.key) : -1;
  const step = (by: number) => {
    const next = matches[(at < 0 && by < 0 ? matches.length - 1 : at + by + matches.length) % matches.length];
    if (next) choose(linkOf(next));
  };
  return (
    <div class="flow">
      <FlowHead flow={flow} />
      <FlowBar flow={flow} canFold={folds.length > 0} matches={matches.length} at={at} onStep={step} />
      {tab.value === 'timeline' ? (
        <Timeline model={model} folds={folds} matches={matches} selected={selected} />
      ) : null}
      {tab.value === 'findings' ? <FindingsTab flow={flow} /> : null}
      {tab.value === 'json' ? <JsonTab flow={flow} /> : null}
    </div>
  );
};

/** One flow: everything that one request caused. */
export const FlowPage = ({ id }: { readonly id: string }) => {
  const traceId = id.toLowerCase();
  const flow = useResource(traceId, (signal) => api.flow(traceId, signal), { scope: traceId });
  useShortcuts({ reload: flow.reload });
  return (
    <Loaded resource={flow} what="the flow">
      {(data) => <FlowView flow={data} />}
    </Loaded>
  );
};
