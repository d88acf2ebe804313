import { Copy } from '../../components/Copy.tsx';
import { Duration } from '../../components/Duration.tsx';
import { Pill } from '../../components/Pill.tsx';
import { QueueMark, ServiceMark } from '../../components/places.tsx';
import { exactTime, nanosSince } from '../../lib/clock.ts';
import { formatDuration } from '../../lib/duration.ts';
import { plural } from '../../lib/figures.ts';
import { Attributes } from './Attributes.tsx';
import { DeliveryFacts } from './DeliveryFacts.tsx';
import type { FlowModel, Item, SpanItem, WaitItem } from './model.ts';
import { SpanLinks } from './SpanLinks.tsx';
import { choose } from './view.ts';
import '../../components/panel.css';

const Close = () => (
  <button
    type="button"
    class="btn btn--quiet"
    aria-label="Close the panel"
    title="Close (Esc)"
    onClick={() => choose(undefined)}
  >
    ✕
  </button>
);

/** After how much of the flow something happened. */
const Offset = ({ nanos, exact }: { readonly nanos: number; readonly exact: string }) => (
  <span title={exactTime(exact)}>+{formatDuration(nanos)}</span>
);

const Events = ({ model, item }: { readonly model: FlowModel; readonly item: SpanItem }) => {
  const { events } = item.span;
  if (events.length === 0) return null;
  return (
    <details open>
      <summary>
        Events <span class="dim">{events.length}</span>
      </summary>
      {events.map((event, index) => (
        <div class="panel__event" key={index}>
          <div>
            <span class="mid">
              <Offset nanos={nanosSince(model.origin, event.time)} exact={event.time} />
            </span>{' '}
            <b>{event.name}</b>
          </div>
          <Attributes attributes={event.attributes} />
        </div>
      ))}
    </details>
  );
};

const Section = (props: {
  readonly title: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly open?: boolean;
}) => {
  const count = Object.keys(props.attributes).length;
  if (count === 0) return null;
  return (
    <details open={props.open}>
      <summary>
        {props.title} <span class="dim">{count}</span>
      </summary>
      <Attributes attributes={props.attributes} />
    </details>
  );
};

const Figures = ({ model, item }: { readonly model: FlowModel; readonly item: SpanItem }) => {
  const { span } = item;
  return (
    <dl class="facts">
      <dt>starts</dt>
      <dd>
        <Offset nanos={item.from} exact={span.start} />
      </dd>
      <dt>takes</dt>
      <dd>
        <Duration nanos={span.duration} />{' '}
        <span class="dim">
          {model.total > 0 ? `${((span.duration / model.total) * 100).toFixed(1)} % of the flow` : ''}
        </span>
      </dd>
      {item.label === span.name ? null : (
        <>
          <dt>name</dt>
          <dd class="mono">{span.name}</dd>
        </>
      )}
      <dt>span</dt>
      <dd class="mono">{span.spanId}</dd>
      {span.parentSpanId ? (
        <>
          <dt>parent</dt>
          <dd class="mono">{span.parentSpanId}</dd>
        </>
      ) : null}
      <dt>trace</dt>
      <dd class="mono">{span.traceId}</dd>
      {span.scope.name ? (
        <>
          <dt>scope</dt>
          <dd>
            {span.scope.name} <span class="dim">{span.scope.version}</span>
          </dd>
        </>
      ) : null}
    </dl>
  );
};

const SpanDetails = ({ model, item }: { readonly model: FlowModel; readonly item: SpanItem }) => {
  const { span } = item;
  const taken = model.flow.deliveries.filter((delivery) => delivery.consumerSpan === span.spanId);
  const dropped = span.dropped;
  return (
    <>
      <div class="panel__head">
        <div class="panel__title">
          <h2>
            <ServiceMark service={span.service} />
            <span>
              {span.service} · {item.label}
            </span>
          </h2>
          <Close />
        </div>
        <div class="panel__actions">
          <Pill>{span.kind}</Pill>
          {item.attempt ? <Pill tone="warn">attempt {item.attempt}</Pill> : null}
          {span.status.code === 'error' ? (
            <Pill tone="bad" shape="✕">
              error
            </Pill>
          ) : null}
          <Copy text={window.location.href} label="Copy link" />
          <Copy text={JSON.stringify(span, null, 2)} label="Copy JSON" />
        </div>
        {span.status.message ? <div class="panel__error">{span.status.message}</div> : null}
        {span.warnings?.map((warning) => (
          <div key={warning} class="flow__warning">
            ▲ {warning}
          </div>
        ))}
      </div>
      {taken.map((delivery) => (
        <DeliveryFacts key={delivery.id} delivery={delivery} />
      ))}
      <Figures model={model} item={item} />
      <Section title="Attributes" attributes={span.attributes} open />
      <Events model={model} item={item} />
      <SpanLinks model={model} item={item} />
      {dropped ? (
        <div class="mid">
          The sender dropped {plural(dropped.attributes, 'attribute')}, {plural(dropped.events, 'event')} and{' '}
          {plural(dropped.links, 'link')}.
        </div>
      ) : null}
      <Section title="Resource" attributes={span.resource.attributes} />
      <Section title="Scope attributes" attributes={span.scope.attributes} />
      <details>
        <summary>Raw JSON</summary>
        <pre>{JSON.stringify(span, null, 2)}</pre>
      </details>
    </>
  );
};

const WaitDetails = ({ model, item }: { readonly model: FlowModel; readonly item: WaitItem }) => {
  const consumer = model.spans.get(item.delivery.consumerSpan);
  const producer =
    item.delivery.producerSpan === undefined ? undefined : model.spans.get(item.delivery.producerSpan);
  return (
    <>
      <div class="panel__title">
        <h2>
          <QueueMark />
          <span>in {item.delivery.destination}</span>
        </h2>
        <Close />
      </div>
      <DeliveryFacts delivery={item.delivery} />
      <div class="panel__actions">
        {producer ? (
          <button type="button" class="btn" onClick={() => choose(producer.span.spanId)}>
            ← published by {producer.span.service}
          </button>
        ) : null}
        {consumer ? (
          <button type="button" class="btn" onClick={() => choose(consumer.span.spanId)}>
            → processed by {consumer.span.service}
          </button>
        ) : null}
      </div>
      <details>
        <summary>Raw JSON</summary>
        <pre>{JSON.stringify(item.delivery, null, 2)}</pre>
      </details>
    </>
  );
};

/** All that is known of the chosen row. */
export const SpanPanel = ({ model, item }: { readonly model: FlowModel; readonly item: Item }) => (
  <aside class="panel" aria-label="Details of the chosen row">
    {item.kind === 'span' ? (
      <SpanDetails model={model} item={item} />
    ) : (
      <WaitDetails model={model} item={item} />
    )}
  </aside>
);
