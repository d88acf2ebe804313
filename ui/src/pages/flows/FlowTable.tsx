import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { TraceSummary } from '../../../../collector/src/contract/index.ts';
import { Duration } from '../../components/Duration.tsx';
import { Pill } from '../../components/Pill.tsx';
import { ServiceMark } from '../../components/places.tsx';
import { Shape } from '../../components/Shape.tsx';
import { useNow } from '../../components/use-now.ts';
import { useWindow } from '../../components/use-window.ts';
import { ago, exactTime, nanosToMillis } from '../../lib/clock.ts';
import { formatCount, plural } from '../../lib/figures.ts';
import { scrollToRow } from '../../lib/window-of.ts';
import { hrefOf, navigate } from '../../state/location.ts';
import { useShortcuts } from '../../state/shortcuts.ts';
import { rows, scrollTop } from './flow-list.ts';
import { byGravity, signLabel, signTone } from './signs.ts';
import { isStillOpen } from './still-open.ts';
import './FlowTable.css';

const ROW = 31;
const HEAD = 31;
/** More pills than this would be cut off. */
const MOST_SIGNS = 2;

export const flowHref = (traceId: string): string => hrefOf(`/flow/${encodeURIComponent(traceId)}`);

const Signs = ({ row, now }: { readonly row: TraceSummary; readonly now: number }) => {
  const signs = byGravity(row.signs);
  return (
    <div class="flows__signs">
      {row.errorCount > 0 ? (
        <Pill tone="bad" shape="✕">
          {plural(row.errorCount, 'error')}
        </Pill>
      ) : null}
      {signs.slice(0, MOST_SIGNS).map((sign) => (
        <Pill key={sign} tone={signTone(sign)} title={sign}>
          {signLabel(sign)}
        </Pill>
      ))}
      {signs.length > MOST_SIGNS ? (
        <Pill title={signs.slice(MOST_SIGNS).map(signLabel).join(', ')}>+{signs.length - MOST_SIGNS}</Pill>
      ) : null}
      {isStillOpen(row, now) ? (
        <Pill title="Spans may still arrive, or a parent is missing">incomplete</Pill>
      ) : null}
    </div>
  );
};

const FlowRow = (props: {
  readonly row: TraceSummary;
  readonly index: number;
  readonly selected: boolean;
  readonly longest: number;
  readonly now: number;
}) => {
  const { row } = props;
  return (
    <tr
      data-row={props.index}
      aria-rowindex={props.index + 2}
      aria-current={props.selected ? 'true' : undefined}
      onClick={(event) => {
        if (!event.defaultPrevented && !(event.target as Element).closest('a'))
          navigate(flowHref(row.traceId));
      }}
    >
      <td>
        <a class="flows__entry" href={flowHref(row.traceId)} title={`${row.rootService} ${row.rootName}`}>
          <ServiceMark service={row.rootService} />
          <b class="clip">{row.rootService}</b>
          <span class="mid clip">{row.rootName}</span>
        </a>
      </td>
      <td>
        <Shape shape={row.shape} longest={props.longest} />
      </td>
      <td class="num">
        <Duration nanos={row.responseDuration} />
      </td>
      <td class="num">
        <Duration nanos={row.duration} />
      </td>
      <td class="num">
        <Duration nanos={row.maxTimeInQueue} />
      </td>
      <td class="num">{row.syncDepth}</td>
      <td class="num">{row.queueHops}</td>
      <td class="num">{formatCount(row.spanCount)}</td>
      <td>
        <Signs row={row} now={props.now} />
      </td>
      <td class="num dim" title={exactTime(row.start)}>
        {ago(nanosToMillis(row.start), props.now)}
      </td>
    </tr>
  );
};

const COLUMNS: readonly (readonly [label: string, className: string, title?: string])[] = [
  ['entry', 'col-entry'],
  ['shape', 'col-shape', 'What happened in order of time: work solid, waiting hatched'],
  ['response', 'col-time num'],
  ['completion', 'col-time num'],
  ['longest wait', 'col-wait num'],
  ['depth', 'col-count num', 'Blocking calls from service to service on the longest path'],
  ['queues', 'col-count num', 'Queues crossed'],
  ['spans', 'col-count num'],
  ['signs', 'col-signs'],
  ['when', 'col-when num'],
];

const Head = () => (
  <thead>
    <tr>
      {COLUMNS.map(([label, className, title]) => (
        <th key={label} scope="col" class={className} title={title}>
          {label}
          {label === 'shape' ? (
            <>
              : sync, <span class="flows__wait">waiting</span>
            </>
          ) : null}
        </th>
      ))}
    </tr>
  </thead>
);

/** The list: drawn only where it shows, so that ten thousand flows scroll as ten do. */
export const FlowTable = ({
  children,
  onTop,
}: {
  readonly children: preact.ComponentChildren;
  readonly onTop: (at: boolean) => void;
}) => {
  const scroller = useRef<HTMLDivElement>(null);
  const list = rows.value;
  const [selected, select] = useState<string | undefined>();
  const now = useNow(2_000);
  const { first, end } = useWindow(scroller, list.length, ROW);
  const longest = list.reduce((most, row) => Math.max(most, row.duration), 0);
  const at = list.findIndex((row) => row.traceId === selected);

  useLayoutEffect(() => scroller.current?.scrollTo(0, scrollTop.value), []);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const note = () => {
      scrollTop.value = element.scrollTop;
      onTop(element.scrollTop < ROW);
    };
    element.addEventListener('scroll', note, { passive: true });
    return () => element.removeEventListener('scroll', note);
  }, [onTop]);

  const goTo = (index: number) => {
    const row = list[Math.max(0, Math.min(list.length - 1, index))];
    const element = scroller.current;
    if (!row || !element) return;
    select(row.traceId);
    element.scrollTop = scrollToRow(list.indexOf(row), ROW, element.scrollTop, element.clientHeight, HEAD);
  };
  useShortcuts({
    next: () => goTo(at + 1),
    previous: () => goTo(at < 0 ? 0 : at - 1),
    first: () => goTo(0),
    last: () => goTo(list.length - 1),
    open: () => selected !== undefined && navigate(flowHref(selected)),
  });

  return (
    <div class="flows__scroller" ref={scroller}>
      <table aria-label="Flows" aria-rowcount={list.length + 1}>
        <Head />
        <tbody>
          <tr class="gap">
            <td colSpan={COLUMNS.length} style={{ height: `${first * ROW}px` }} />
          </tr>
          {list.slice(first, end).map((row, offset) => (
            <FlowRow
              key={row.traceId}
              row={row}
              index={first + offset}
              selected={row.traceId === selected}
              longest={longest}
              now={now}
            />
          ))}
          <tr class="gap">
            <td colSpan={COLUMNS.length} style={{ height: `${(list.length - end) * ROW}px` }} />
          </tr>
        </tbody>
      </table>
      {children}
    </div>
  );
};
