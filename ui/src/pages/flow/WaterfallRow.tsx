import { QueueMark, ServiceMark } from '../../components/places.tsx';
import { exactDuration, formatDuration } from '../../lib/duration.ts';
import { plural } from '../../lib/figures.ts';
import { serviceColor } from '../../lib/service-hue.ts';
import { isShown, type Stretch, type TimeScale } from './fold.ts';
import type { SpanItem, WaitItem } from './model.ts';
import type { GroupRow, ItemRow, Row } from './rows.ts';
import './WaterfallRow.css';

/** Pixels a character of a label takes, about. */
const CHARACTER = 6.6;
/** Client wait is named apart from this share of the whole wait on. */
const WORTH_NAMING = 0.01;

const place = (scale: TimeScale, from: number, to: number) => {
  const left = scale.x(from);
  return { left: `${left}px`, width: `${Math.max(2, scale.x(to) - left)}px` };
};

const ORDINALS = ['', '1st', '2nd', '3rd'];
export const ordinal = (count: number): string => ORDINALS[count] ?? `${count}th`;

/** What stands beside a bar: after it where there is room, else before it, else on it. */
const BarText = (props: {
  readonly scale: TimeScale;
  readonly item: Stretch;
  readonly text: string;
  /** Taken where the text has no room beside the bar. */
  readonly short?: string;
  readonly error: boolean;
}) => {
  const { scale, item, error } = props;
  const roomFor = (words: string) => words.length * CHARACTER + 14 + (error ? 14 : 0);
  const left = scale.x(item.from);
  const right = Math.max(left + 2, scale.x(item.to));
  const fits = right + roomFor(props.text) <= scale.width + 40 || left >= roomFor(props.text);
  const text = fits ? props.text : (props.short ?? props.text);
  const room = roomFor(text);
  const after = right + room <= scale.width + 40;
  const before = !after && left >= room;
  const at = after ? right : before ? left : Math.max(0, scale.width - room);
  return (
    <span class={`bar__text ${before ? 'bar__text--before' : ''}`} style={{ left: `${at}px` }}>
      {error ? (
        <span class="bar__error" role="img" aria-label="error">
          ✕
        </span>
      ) : null}
      <span title={exactDuration(item.to - item.from)}>{text}</span>
    </span>
  );
};

const waitText = ({ delivery, from, to }: WaitItem): string => {
  const wait = delivery.timeInQueue ?? to - from;
  const client = delivery.clientWait ?? 0;
  if (wait < 0)
    return `${formatDuration(wait)}: the clocks disagree by up to ${formatDuration(delivery.uncertainty)}`;
  return client > wait * WORTH_NAMING && client > 1e5
    ? `${formatDuration(wait - client)} broker + ${formatDuration(client)} client`
    : formatDuration(wait);
};

const WaitLane = ({
  item,
  scale,
  off,
}: {
  readonly item: WaitItem;
  readonly scale: TimeScale;
  readonly off: boolean;
}) => {
  const split = item.handedOver !== undefined && item.handedOver > item.from && item.handedOver < item.to;
  const middle = split ? (item.handedOver ?? item.to) : item.to;
  const fade = off ? 'bar--off' : '';
  return (
    <>
      <div
        class={`bar hatch ${split ? 'bar--broker' : ''} ${fade}`}
        style={place(scale, item.from, middle)}
      />
      {split ? <div class={`bar bar--client ${fade}`} style={place(scale, middle, item.to)} /> : null}
      <BarText
        scale={scale}
        item={item}
        text={waitText(item)}
        short={formatDuration(item.delivery.timeInQueue ?? item.to - item.from)}
        error={item.delivery.error}
      />
    </>
  );
};

const SpanLane = ({
  item,
  scale,
  off,
}: {
  readonly item: SpanItem;
  readonly scale: TimeScale;
  readonly off: boolean;
}) => {
  const { span } = item;
  const style = { ...place(scale, item.from, item.to), '--service': serviceColor(span.service) };
  return (
    <>
      <div class={`bar ${off ? 'bar--off' : ''}`} style={style} />
      <BarText
        scale={scale}
        item={item}
        text={formatDuration(span.duration)}
        error={span.status.code === 'error'}
      />
    </>
  );
};

const WaitName = ({ item }: { readonly item: WaitItem }) => (
  <>
    <QueueMark />
    <span class="row__label mid">
      <span class="clip">in queue · {ordinal(item.delivery.attempt)} delivery</span>
    </span>
  </>
);

const SpanName = ({ item }: { readonly item: SpanItem }) => {
  const { span, label, attempt } = item;
  return (
    <>
      <ServiceMark service={span.service} />
      <span class="row__label" title={`${span.service} ${label}: span ${span.name} (${span.kind})`}>
        <b class="clip">{span.service}</b>
        <span class="mid clip">{label}</span>
        {attempt ? <span class="row__attempt">{attempt}</span> : null}
      </span>
    </>
  );
};

export interface RowLook {
  readonly scale: TimeScale;
  readonly top: number;
  readonly index: number;
  readonly selected: boolean;
  readonly cursor: boolean;
  readonly matched: boolean;
  /** Stretches of the critical path; undefined where none is shown. */
  readonly path: readonly Stretch[] | undefined;
  readonly off: boolean;
  readonly onSelect: () => void;
  readonly onToggle: () => void;
}

const Twist = ({ row, onToggle }: { readonly row: Row; readonly onToggle: () => void }) =>
  row.expanded === undefined ? (
    <span class="row__twist" />
  ) : (
    <button
      type="button"
      class="row__twist"
      tabIndex={-1}
      aria-label={row.expanded ? 'Collapse' : 'Expand'}
      onClick={(event) => {
        event.stopPropagation();
        onToggle();
      }}
    >
      {row.expanded ? '▼' : '▶'}
    </button>
  );

const GroupCells = ({ row, look }: { readonly row: GroupRow; readonly look: RowLook }) => (
  <>
    <td class="row__name">
      <Twist row={row} onToggle={look.onToggle} />
      <span class="row__label">
        <span class="clip" title={row.group.title}>
          {row.group.title}
        </span>
      </span>
    </td>
    <td class="row__lane">
      <span class="bar__text" style={{ left: '2px' }}>
        <span title={exactDuration(row.group.to - row.group.from)}>
          {formatDuration(row.group.to - row.group.from)}
        </span>
        <span class="dim">{plural(row.group.spanCount, 'span')}</span>
        {row.group.errorCount > 0 ? (
          <span class="bar__error">✕ {plural(row.group.errorCount, 'error')}</span>
        ) : null}
      </span>
    </td>
  </>
);

const Lane = ({ row, look }: { readonly row: ItemRow; readonly look: RowLook }) => (
  <>
    {row.item.kind === 'wait' ? (
      <WaitLane item={row.item} scale={look.scale} off={look.off} />
    ) : (
      <SpanLane item={row.item} scale={look.scale} off={look.off} />
    )}
    {look.path
      ?.filter((stretch) => isShown(look.scale, stretch))
      .map((stretch) => (
        <div key={stretch.from} class="bar__path" style={place(look.scale, stretch.from, stretch.to)} />
      ))}
  </>
);

const ItemCells = ({ row, look }: { readonly row: ItemRow; readonly look: RowLook }) => (
  <>
    <td class="row__name" style={{ paddingLeft: `${6 + Math.min(row.item.depth, 14) * 14}px` }}>
      <Twist row={row} onToggle={look.onToggle} />
      {row.item.kind === 'wait' ? <WaitName item={row.item} /> : <SpanName item={row.item} />}
    </td>
    <td class="row__lane">{isShown(look.scale, row.item) ? <Lane row={row} look={look} /> : null}</td>
  </>
);

/** One row of the waterfall: a segment, a wait in a queue, or a span. */
export const WaterfallRow = ({ row, look }: { readonly row: Row; readonly look: RowLook }) => (
  <tr
    id={`row-${look.index}`}
    class={`row ${row.kind === 'group' ? 'row--group' : ''} ${look.matched ? 'row--match' : ''} ${look.cursor ? 'row--cursor' : ''}`}
    aria-level={row.level}
    aria-rowindex={look.index + 2}
    aria-expanded={row.expanded}
    aria-selected={look.selected}
    style={{ top: `${look.top}px` }}
    onClick={row.kind === 'group' ? look.onToggle : look.onSelect}
  >
    {row.kind === 'group' ? <GroupCells row={row} look={look} /> : <ItemCells row={row} look={look} />}
  </tr>
);
