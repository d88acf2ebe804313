import { useState } from 'preact/hooks';
import type { Queue, Series } from '../../../../collector/src/contract/index.ts';
import { Loaded, Nothing } from '../../components/states.tsx';
import { plural } from '../../lib/figures.ts';
import { api } from '../../state/api.ts';
import { navigate } from '../../state/location.ts';
import { boundsNow, rangeKey, refreshEvery } from '../../state/range.ts';
import { useResource } from '../../state/resource.ts';
import { useShortcuts } from '../../state/shortcuts.ts';
import { QueueTable, queueHref } from './QueueTable.tsx';
import './QueuesPage.css';

const RANK: readonly Queue['status'][] = ['stalled', 'stopped', 'rewound', 'warning', 'unknown', 'ok'];

const byTrouble = (a: Queue, b: Queue): number =>
  RANK.indexOf(a.status) - RANK.indexOf(b.status) ||
  (b.lagSeconds ?? 0) - (a.lagSeconds ?? 0) ||
  a.destination.localeCompare(b.destination);

const List = ({ queues, lag }: { readonly queues: readonly Queue[]; readonly lag: Series | undefined }) => {
  const [selected, select] = useState(-1);
  const sorted = [...queues].sort(byTrouble);
  const last = sorted.length - 1;
  useShortcuts({
    next: () => select(Math.min(last, selected + 1)),
    previous: () => select(Math.max(0, selected - 1)),
    first: () => select(0),
    last: () => select(last),
    open: () => {
      const queue = sorted[selected];
      if (queue) navigate(queueHref(queue));
    },
  });
  return <QueueTable queues={sorted} lag={lag} selected={selected} />;
};

/** All queues. */
export const QueuesPage = () => {
  const every = { everyMs: refreshEvery.value };
  const queues = useResource(rangeKey.value, (signal) => api.queues(boundsNow(), signal), every);
  const lag = useResource(
    rangeKey.value,
    (signal) =>
      api.series({ metric: 'queue.lag', by: 'system,destination,consumerGroup', ...boundsNow() }, signal),
    every,
  );
  useShortcuts({ reload: queues.reload });
  return (
    <div class="page">
      <div class="page__head">
        <h1>Queues</h1>
        <span class="mid">{queues.data ? plural(queues.data.queues.length, 'consumer group') : ''}</span>
      </div>
      <Loaded resource={queues} what="queues">
        {(data) =>
          data.queues.length === 0 ? (
            <Nothing title="No queue in this time range">
              A queue appears when a service publishes or processes a message.
            </Nothing>
          ) : (
            <List queues={data.queues} lag={lag.data} />
          )
        }
      </Loaded>
    </div>
  );
};
