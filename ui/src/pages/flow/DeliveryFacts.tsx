import type { Delivery } from '../../../../collector/src/contract/index.ts';
import { Duration } from '../../components/Duration.tsx';
import { Pill } from '../../components/Pill.tsx';
import { nanosSince } from '../../lib/clock.ts';
import { formatDuration } from '../../lib/duration.ts';
import { plural } from '../../lib/figures.ts';
import { serviceColor } from '../../lib/service-hue.ts';
import { ordinal } from './WaterfallRow.tsx';

const SETTLEMENTS = {
  ack: 'ack',
  nak: 'nak: asked for again',
  term: 'term: given up',
  none: 'none',
} as const;

/** Broker wait, client wait and work, to scale. */
const Split = ({ delivery, work }: { readonly delivery: Delivery; readonly work: number }) => {
  const wait = Math.max(0, delivery.timeInQueue ?? 0);
  const client = Math.min(wait, Math.max(0, delivery.clientWait ?? 0));
  const total = Math.max(1, wait + work);
  const share = (nanos: number) => ({ width: `${(nanos / total) * 100}%` });
  return (
    <div class="split" aria-hidden="true">
      <i class="hatch" style={share(wait - client)} />
      {client > 0 ? <i class="split__client" style={share(client)} /> : null}
      <i
        class="split__work"
        style={{ ...share(work), '--service': serviceColor(delivery.consumerService) }}
      />
    </div>
  );
};

/** One hand-over of a message: how long it lay where, and by which clock. */
export const DeliveryFacts = ({ delivery }: { readonly delivery: Delivery }) => {
  const start = /^\d+$/.test(delivery.processingStart) ? BigInt(delivery.processingStart) : 0n;
  const work = Math.max(0, nanosSince(start, delivery.processingEnd));
  return (
    <section>
      <div class="panel__actions">
        <span class="mid">
          {ordinal(delivery.attempt)} delivery of <b>{delivery.destination}</b> to{' '}
          <b>{delivery.consumerGroup ?? delivery.consumerService}</b>
        </span>
        {delivery.attempt > 1 ? <Pill tone="warn">redelivered</Pill> : null}
        {delivery.duplicateOf ? <Pill tone="bad">processed twice</Pill> : null}
      </div>
      <Split delivery={delivery} work={work} />
      <dl class="facts">
        <dt>in queue</dt>
        <dd>
          <Duration nanos={delivery.timeInQueue} />{' '}
          <span class="dim">±{formatDuration(delivery.uncertainty)}</span>
        </dd>
        {delivery.brokerWait === undefined ? null : (
          <>
            <dt>broker wait</dt>
            <dd>
              <Duration nanos={delivery.brokerWait} /> <span class="dim">stored → delivered</span>
            </dd>
          </>
        )}
        {delivery.clientWait === undefined ? null : (
          <>
            <dt>client wait</dt>
            <dd>
              <Duration nanos={delivery.clientWait} /> <span class="dim">delivered → handler</span>
            </dd>
          </>
        )}
        <dt>processing</dt>
        <dd>
          <Duration nanos={work} />
        </dd>
        {delivery.settlement ? (
          <>
            <dt>settlement</dt>
            <dd>{SETTLEMENTS[delivery.settlement]}</dd>
          </>
        ) : null}
        {delivery.pending === undefined ? null : (
          <>
            <dt>behind it</dt>
            <dd>{plural(delivery.pending, 'message')} waited</dd>
          </>
        )}
        <dt>clock</dt>
        <dd>{delivery.clock}</dd>
        {delivery.messageId ? (
          <>
            <dt>message</dt>
            <dd class="mono">{delivery.messageId}</dd>
          </>
        ) : null}
      </dl>
    </section>
  );
};
