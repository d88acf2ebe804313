import type { Queue, Series } from '../../../../collector/src/contract/index.ts';
import { Duration } from '../../components/Duration.tsx';
import { StatusPill, statusTone } from '../../components/Pill.tsx';
import { QueueName } from '../../components/places.tsx';
import { Sparkline } from '../../components/Sparkline.tsx';
import { useNow } from '../../components/use-now.ts';
import { formatSeconds } from '../../lib/duration.ts';
import { formatCount, formatRate, formatShare } from '../../lib/figures.ts';
import { navigate } from '../../state/location.ts';
import { rangedHref } from '../../state/range.ts';
import { brokerFacts } from './broker-facts.ts';
import { isSameQueue, queueId } from './queue-id.ts';

const COLORS = {
  bad: 'var(--bad)',
  warn: 'var(--warn)',
  good: 'var(--good)',
  info: 'var(--accent)',
  plain: 'var(--ink-3)',
};

export const queueHref = (queue: Queue): string => rangedHref(`/queues/${queueId(queue)}`);

const drainText = (seconds: number): string => (seconds < 1 ? 'now' : formatSeconds(seconds));

const Dash = () => <span class="dim">–</span>;

const QueueRow = ({
  queue,
  lag,
  selected,
  now,
}: {
  readonly queue: Queue;
  readonly lag: readonly (number | null)[];
  readonly selected: boolean;
  readonly now: number;
}) => {
  const growing =
    queue.publishedPerSecond > queue.processedPerSecond &&
    (queue.status === 'warning' || queue.status === 'stalled');
  const { p50, p95, max } = queue.timeInQueue;
  return (
    <tr
      data-id={queueId(queue)}
      aria-current={selected ? 'true' : undefined}
      onClick={(event) => {
        if (!event.defaultPrevented && !(event.target as Element).closest('a')) navigate(queueHref(queue));
      }}
    >
      <td>
        <a href={queueHref(queue)}>
          <QueueName destination={queue.destination} group={queue.consumerGroup} />
        </a>
      </td>
      <td>
        <StatusPill status={queue.status} />
      </td>
      <td class="num">{queue.lagSeconds === null ? <Dash /> : formatSeconds(queue.lagSeconds)}</td>
      <td>
        <Sparkline
          values={lag}
          color={COLORS[statusTone(queue.status)]}
          label={`Lag of ${queue.destination} over the range`}
        />
      </td>
      <td class="num">{queue.backlog === null ? <Dash /> : formatCount(queue.backlog)}</td>
      <td class="num">
        {queue.broker ? (
          <span title={brokerFacts(queue.broker, now)}>{formatCount(queue.broker.ackPending)}</span>
        ) : (
          <Dash />
        )}
      </td>
      <td class="num">
        {max > 0 ? (
          <>
            <Duration nanos={p50} /> / <Duration nanos={p95} />
          </>
        ) : (
          <Dash />
        )}
      </td>
      <td class="num">
        {formatRate(queue.publishedPerSecond)} / {formatRate(queue.processedPerSecond)}
      </td>
      <td class="num">{formatShare(queue.redeliveryRate)}</td>
      <td class="num">{formatShare(queue.duplicateRate)}</td>
      <td class="num">{formatCount(queue.deadLetters)}</td>
      <td class="num">
        {queue.drainSeconds === undefined ? growing ? 'growing' : <Dash /> : drainText(queue.drainSeconds)}
      </td>
    </tr>
  );
};

/** Every queue and consumer group, the ones in trouble first. */
export const QueueTable = (props: {
  readonly queues: readonly Queue[];
  readonly lag: Series | undefined;
  readonly selected: number;
}) => {
  const now = useNow(2_000);
  return (
    <div class="queues">
      <table aria-label="Queues">
        <thead>
          <tr>
            <th scope="col">queue · consumer group</th>
            <th scope="col">status</th>
            <th scope="col" class="num">
              lag
            </th>
            <th scope="col">lag over the range</th>
            <th scope="col" class="num">
              backlog
            </th>
            <th
              scope="col"
              class="num"
              title="Handed over and not settled yet, as the broker says of the whole consumer"
            >
              unacked
            </th>
            <th scope="col" class="num">
              time in queue p50 / p95
            </th>
            <th scope="col" class="num">
              in / out per s
            </th>
            <th scope="col" class="num">
              redelivered
            </th>
            <th scope="col" class="num">
              duplicates
            </th>
            <th scope="col" class="num">
              dead
            </th>
            <th scope="col" class="num">
              drains in
            </th>
          </tr>
        </thead>
        <tbody>
          {props.queues.map((queue, index) => (
            <QueueRow
              key={queueId(queue)}
              queue={queue}
              selected={index === props.selected}
              now={now}
              lag={props.lag?.series.find((series) => isSameQueue(series.labels, queue))?.values ?? []}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
};
