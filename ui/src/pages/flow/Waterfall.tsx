import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useWindow } from '../../components/use-window.ts';
import { scrollToRow } from '../../lib/window-of.ts';
import { useShortcuts } from '../../state/shortcuts.ts';
import { Axis, Breaks } from './Axis.tsx';
import { type Stretch, timeScale } from './fold.ts';
import type { FlowModel, Item } from './model.ts';
import type { PathMarks } from './path-marks.ts';
import { type Row, visibleRows } from './rows.ts';
import { setZoom, zoom } from './view.ts';
import { WaterfallRow } from './WaterfallRow.tsx';
import './Waterfall.css';

const ROW = 26;
const AXIS = 24;
/** Room to the right of the last bar, so that its label has a place. */
const GUTTER = 44;

interface Props {
  readonly model: FlowModel;
  readonly folds: readonly Stretch[];
  readonly marks: { readonly on: PathMarks; readonly rows: ReadonlySet<string> } | undefined;
  readonly matched: ReadonlySet<string>;
  readonly collapsed: ReadonlySet<string>;
  readonly onCollapse: (collapsed: ReadonlySet<string>) => void;
  readonly selected: string | undefined;
  readonly onSelect: (item: Item | undefined) => void;
}

const useWidth = (element: preact.RefObject<HTMLElement | null>): number => {
  const [width, setWidth] = useState(1_000);
  useLayoutEffect(() => {
    if (!element.current) return undefined;
    const observer = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width));
    observer.observe(element.current);
    setWidth(element.current.clientWidth);
    return () => observer.disconnect();
  }, [element]);
  return width;
};

/** The row above that this one hangs from. */
const parentOf = (rows: readonly Row[], index: number): number => {
  const level = rows[index]?.level ?? 1;
  for (let above = index - 1; above >= 0; above--) if ((rows[above]?.level ?? 1) < level) return above;
  return index;
};

/** The time a row takes, with a little around it. */
const extentOf = (row: Row | undefined): Stretch | undefined => {
  if (!row) return undefined;
  const { from, to } = row.kind === 'group' ? row.group : row.item;
  const rim = (to - from) * 0.03;
  return { from: Math.max(0, from - rim), to: to + rim };
};

const toggled = (collapsed: ReadonlySet<string>, key: string): ReadonlySet<string> => {
  const next = new Set(collapsed);
  if (!next.delete(key)) next.add(key);
  return next;
};

/** The waterfall: an ARIA treegrid of which only the rows in sight are drawn. */
export const Waterfall = (props: Props) => {
  const { model, collapsed, selected } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const nameWidth = Math.round(Math.min(380, Math.max(220, width * 0.32)));
  const zoomed = zoom.value;
  const shown = useMemo(() => zoomed ?? { from: 0, to: model.total }, [zoomed, model]);
  const rows = useMemo(() => visibleRows(model, collapsed), [model, collapsed]);
  const scale = useMemo(
    () => timeScale(shown, props.folds, Math.max(120, width - nameWidth - GUTTER)),
    [shown, props.folds, width, nameWidth],
  );
  const { first, end } = useWindow(scroller, rows.length, ROW);
  const [cursorKey, setCursorKey] = useState(selected);
  const cursor = rows.findIndex((row) => row.key === cursorKey);

  const show = (index: number) => {
    const element = scroller.current;
    if (element && index >= 0)
      element.scrollTop = scrollToRow(index, ROW, element.scrollTop, element.clientHeight, AXIS);
  };
  const goTo = (index: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (!row) return;
    setCursorKey(row.key);
    show(rows.indexOf(row));
    if (row.kind === 'item') props.onSelect(row.item);
  };
  const toggle = (key: string) => props.onCollapse(toggled(collapsed, key));
  const toggleAt = (wanted?: boolean) => {
    const row = rows[cursor];
    if (!row) return;
    if (row.expanded !== undefined && (wanted === undefined || row.expanded !== wanted)) toggle(row.key);
    else if (wanted === false) goTo(parentOf(rows, cursor));
  };

  useEffect(() => {
    if (selected === undefined) return;
    setCursorKey(selected);
    show(rows.findIndex((row) => row.key === selected));
  }, [selected]);

  useShortcuts({
    next: () => goTo(cursor + 1),
    previous: () => goTo(cursor < 0 ? 0 : cursor - 1),
    first: () => goTo(0),
    last: () => goTo(rows.length - 1),
    open: () => toggleAt(),
    expand: () => toggleAt(true),
    collapse: () => toggleAt(false),
    close: () => props.onSelect(undefined),
    zoom: () => setZoom(extentOf(rows[cursor])),
    unzoom: () => setZoom(undefined),
  });

  const bodyHeight = `${rows.length * ROW}px`;
  return (
    <div ref={scroller} class="waterfall" style={{ '--name-width': `${nameWidth}px` }}>
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the ARIA practices put treegrid on a table
        role="treegrid"
        aria-label="Timeline of the flow"
        aria-rowcount={rows.length + 1}
        aria-activedescendant={cursor >= first && cursor < end ? `row-${cursor}` : undefined}
        tabIndex={0}
      >
        <Axis scale={scale} />
        <tbody style={{ height: bodyHeight }}>
          {rows.slice(first, end).map((row, offset) => (
            <WaterfallRow
              key={row.key}
              row={row}
              look={{
                scale,
                top: (first + offset) * ROW,
                index: first + offset,
                selected: row.key === selected,
                cursor: first + offset === cursor,
                matched: props.matched.has(row.key),
                path: props.marks?.on.get(row.key),
                off: props.marks !== undefined && row.key !== selected && !props.marks.rows.has(row.key),
                onSelect: () => goTo(first + offset),
                onToggle: () => toggle(row.key),
              }}
            />
          ))}
        </tbody>
      </table>
      <Breaks scale={scale} height={bodyHeight} />
    </div>
  );
};
