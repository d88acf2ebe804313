import { useMemo, useState } from 'preact/hooks';
import type { Stretch } from './fold.ts';
import type { FlowModel, Item } from './model.ts';
import { pathMarks, rowsOnPath } from './path-marks.ts';
import { linkOf, revealed } from './rows.ts';
import { SpanPanel } from './SpanPanel.tsx';
import { choose, folded, path } from './view.ts';
import { Waterfall } from './Waterfall.tsx';
import './Timeline.css';

const NONE: ReadonlySet<string> = new Set();

/** The waterfall and, where a row is chosen, all that is known of it. */
export const Timeline = (props: {
  readonly model: FlowModel;
  readonly folds: readonly Stretch[];
  readonly matches: readonly Item[];
  readonly selected: Item | undefined;
}) => {
  const { model, selected } = props;
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(NONE);
  const choice = path.value;
  const marks = useMemo(() => {
    if (choice === 'off') return undefined;
    const steps = choice === 'response' ? model.flow.responsePath : model.flow.completionPath;
    const on = pathMarks(model, steps);
    return on.size > 0 ? { on, rows: rowsOnPath(model, on) } : undefined;
  }, [model, choice]);
  const matched = useMemo(() => new Set(props.matches.map((item) => item.key)), [props.matches]);
  const shown = selected ? revealed(model, collapsed, selected.key) : collapsed;
  return (
    <div class={selected ? 'timeline timeline--panel' : 'timeline'}>
      <Waterfall
        model={model}
        folds={folded.value ? props.folds : []}
        marks={marks}
        matched={matched}
        collapsed={shown}
        onCollapse={setCollapsed}
        selected={selected?.key}
        onSelect={(item) => choose(item && linkOf(item))}
      />
      {selected ? <SpanPanel key={selected.key} model={model} item={selected} /> : null}
    </div>
  );
};
