import { useMemo } from 'preact/hooks';
import type { Queue, Series } from '../../../../collector/src/contract/index.ts';
import { Duration } from '../../components/Duration.tsx';
import { Figure } from '../../components/Figure.tsx';
import { FlowLinks } from '../../components/FindingCard.tsx';
import { StatusPill } from '../../components/Pill.tsx';
import { QueueMark } from '../../components/places.tsx';
import { Loaded, Nothing } from '../../components/states.tsx';
import { useNow } from '../../components/use-now.ts';
import { exactTime } from '../../lib/clock.ts';
import { formatSeconds } from '../../lib/duration.ts';
import { emphasise } from '../../lib/emphasis.ts';
import { formatCount, formatRate, formatShare } from '../../lib/figures.ts';
import { api, type Bounds } from '../../state/api.ts';
import { boundsNow, rangedHref, rangeKey, refreshEvery } from '../../state/range.ts';
import { useResource } from '../../state/resource.ts';
import { useShortcuts } from '../../state/shortcuts.ts';
import { brokerFacts } from './broker-facts.ts';
import { QUEUE_METRICS, QueueCharts, type QueueMetric } from './QueueCharts.tsx';
import { type QueueKey, queueId, queueOf, seriesFilter } from './queue-id.ts';
import { queueSentence } from './sentence.ts';
import './QueuesPage.css';

const Facts = ({ queue }: { readonly queue: Queue }) => (
  <>
    <p class="queue__sentence">
      {emphasise(queueSentence(queue), []).map((part, index) =>
        part.strong ? <b key={index}>{part.text}</b> : part.text,
      )}
    </p>
    <div class="queue__figures">
      <Figure value={queue.lagSeconds === null ? '–' : formatSeconds(queue.lagSeconds)}>lag</Figure>
      <Figure value={queue.backlog === null ? '–' : formatCount(queue.backlog)}>
        {queue.backlog === 1 ? 'message waits' : 'messages wait'}
      </Figure>
      <Figure value={queue.timeInQueue.max > 0 ? <Duration nanos={queue.timeInQueue.p95} /> : '–'}>
        p95 in queue
      </Figure>
      <Figure
        value={
          <>
            {formatRate(queue.publishedPerSecond)} / {formatRate(queue.processedPerSecond)}
          </>
        }
      >
        published / processed per second
      </Figure>
      <Figure
        value={
          <>
            {formatShare(queue.redeliveryRate)} / {formatShare(queue.duplicateRate)}
          </>
        }
      >
        redelivered / duplicates
      </Figure>
      <Figure value={formatCount(queue.deadLetters)}>
        {queue.deadLetters === 1 ? 'dead letter' : 'dead letters'}
      </Figure>
    </div>
  </>
);

/** What the broker itself says of the consumer, which reads other subjects of the stream perhaps as well. */
const BrokerFacts = ({ broker }: { readonly broker: NonNullable<Queue['broker']> }) => {
  const now = useNow();
  return (
    <span class="mid" title={`Asked ${exactTime(broker.asOf)}. Of the whole consumer, whatever it reads`}>
      {brokerFacts(broker, now)}
    </span>
  );
};

const loadSeries = async (
  queue: QueueKey,
  bounds: Bounds,
  signal: AbortSignal,
): Promise<{ asOf: number; series: Record<QueueMetric, Series> }> => {
  const asOf = Date.now() / 1_000;
  const filter = seriesFilter(queue);
  const by = 'system,destination,consumerGroup';
  const answers = await Promise.all(
    QUEUE_METRICS.map((metric) =>
      api.series({ metric, by, ...(filter ? { filter } : {}), ...bounds }, signal),
    ),
  );
  const series = Object.fromEntries(QUEUE_METRICS.map((metric, index) => [metric, answers[index]]));
  return { asOf, series: series as Record<QueueMetric, Series> };
};

const Detail = ({ id, queue }: { readonly id: string; readonly queue: QueueKey }) => {
  const options = { everyMs: refreshEvery.value, scope: id };
  const all = useResource(rangeKey.value, (signal) => api.queues(boundsNow(), signal), options);
  const series = useResource(rangeKey.value, (signal) => loadSeries(queue, boundsNow(), signal), options);
  useShortcuts({ reload: all.reload });
  const facts = all.data?.queues.find((each) => queueId(each) === queueId(queue));
  return (
    <div class="page">
      <div class="page__head">
        <a href={rangedHref('/queues')}>Queues</a>
        <h1 class="place">
          <QueueMark />
          {queue.destination} · {queue.consumerGroup || 'no consumer group'}
        </h1>
        {facts ? <StatusPill status={facts.status} /> : null}
        <span class="mid">{queue.system}</span>
        {facts?.broker ? <BrokerFacts broker={facts.broker} /> : null}
      </div>
      <Loaded resource={all} what="the queue">
        {() =>
          facts ? (
            <Facts queue={facts} />
          ) : (
            <Nothing title="Nothing passed this queue in this time range">
              Widen the range to see when it last did.
            </Nothing>
          )
        }
      </Loaded>
      <Loaded resource={series} what="the charts">
        {(data) => <QueueCharts queue={queue} {...data} />}
      </Loaded>
      {facts ? <FlowLinks flows={facts.exemplars} label="Flows that waited here" /> : null}
    </div>
  );
};

/** One queue and consumer group: what it does, and how that went. */
export const QueuePage = ({ id }: { readonly id: string }) => {
  const queue = useMemo(() => queueOf(id), [id]);
  return queue ? (
    <Detail id={id} queue={queue} />
  ) : (
    <Nothing title="There is no such queue">
      <a href="/queues">See all queues</a>
    </Nothing>
  );
};
