import type { ComponentChildren } from 'preact';
import type { MapEdge, MapNode, ServiceMap } from '../../../../collector/src/contract/index.ts';
import { Duration } from '../../components/Duration.tsx';
import { Pill } from '../../components/Pill.tsx';
import { QueueMark, RemoteMark, ServiceMark } from '../../components/places.tsx';
import { formatCount, formatRate, formatShare } from '../../lib/figures.ts';
import { PROTOCOLS } from '../../lib/protocols.ts';
import { formatQuery } from '../../lib/query.ts';
import { adjust } from '../../state/location.ts';
import { rangedHref } from '../../state/range.ts';
import { edgeKey } from './layout.ts';

interface Red {
  readonly rate: number;
  readonly errorRate: number;
  readonly p50: number;
  readonly p99: number;
}

/** Rate, errors, duration. */
const RedFacts = ({ red, children }: { readonly red: Red; readonly children?: ComponentChildren }) => (
  <dl class="facts">
    <dt>rate</dt>
    <dd>{formatRate(red.rate)} per second</dd>
    <dt>errors</dt>
    <dd>{formatShare(red.errorRate)}</dd>
    <dt>p50</dt>
    <dd>
      <Duration nanos={red.p50} />
    </dd>
    <dt>p99</dt>
    <dd>
      <Duration nanos={red.p99} />
    </dd>
    {children}
  </dl>
);

export const Mark = ({ node }: { readonly node: MapNode }) =>
  node.kind === 'queue' ? (
    <QueueMark />
  ) : node.kind === 'remote' ? (
    <RemoteMark />
  ) : (
    <ServiceMark service={node.name} />
  );

const Neighbours = (props: {
  readonly title: string;
  readonly edges: readonly MapEdge[];
  readonly other: (edge: MapEdge) => MapNode | undefined;
}) =>
  props.edges.length === 0 ? null : (
    <section>
      <h2>{props.title}</h2>
      <ul class="panel__links">
        {props.edges.map((edge) => {
          const node = props.other(edge);
          if (!node) return null;
          return (
            <li key={edgeKey(edge)}>
              <Mark node={node} />
              <button
                type="button"
                class="btn btn--quiet panel__jump"
                onClick={() => adjust({ on: node.id })}
              >
                {node.name}
              </button>
              <span class="dim">
                {PROTOCOLS[edge.protocol]} · {formatRate(edge.callsPerSecond)}/s ·{' '}
                <Duration nanos={edge.p99} />
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );

const flowsOf = (service: string): string =>
  rangedHref('/', { q: formatQuery([{ key: 'service', value: service }]) });

const NodePanel = ({ node, map }: { readonly node: MapNode; readonly map: ServiceMap }) => {
  const byId = new Map(map.nodes.map((each) => [each.id, each]));
  return (
    <>
      <div class="panel__title">
        <h2>
          <Mark node={node} /> {node.name}
        </h2>
        <Close />
      </div>
      <div class="panel__actions">
        <Pill>{node.kind}</Pill>
        {node.system ? <Pill>{node.system}</Pill> : null}
      </div>
      <RedFacts red={{ ...node, rate: node.requestsPerSecond }} />
      <Neighbours
        title="Called by"
        edges={map.edges.filter((edge) => edge.to === node.id)}
        other={(edge) => byId.get(edge.from)}
      />
      <Neighbours
        title="Calls"
        edges={map.edges.filter((edge) => edge.from === node.id)}
        other={(edge) => byId.get(edge.to)}
      />
      <div class="panel__links">
        {node.kind === 'service' ? <a href={flowsOf(node.name)}>Flows through {node.name} →</a> : null}
        {node.kind === 'queue' ? <a href={rangedHref('/queues')}>Lag and backlog →</a> : null}
        <a href={rangedHref('/chains')}>Chains →</a>
      </div>
    </>
  );
};

const EdgePanel = ({ edge, map }: { readonly edge: MapEdge; readonly map: ServiceMap }) => {
  const from = map.nodes.find((node) => node.id === edge.from);
  const to = map.nodes.find((node) => node.id === edge.to);
  const service = [to, from].find((node) => node?.kind === 'service');
  return (
    <>
      <div class="panel__title">
        <h2>
          {from?.name} → {to?.name}
        </h2>
        <Close />
      </div>
      <div class="panel__actions">
        <Pill>{PROTOCOLS[edge.protocol]}</Pill>
        <Pill>{edge.mode === 'sync' ? 'sync: the caller waits' : 'async: the caller does not wait'}</Pill>
      </div>
      <RedFacts red={{ ...edge, rate: edge.callsPerSecond }}>
        <dt>calls</dt>
        <dd>{formatCount(edge.count)}</dd>
      </RedFacts>
      {service ? <a href={flowsOf(service.name)}>Flows through {service.name} →</a> : null}
    </>
  );
};

const Close = () => (
  <button
    type="button"
    class="btn btn--quiet"
    aria-label="Close the panel"
    title="Close (Esc)"
    onClick={() => adjust({ on: undefined })}
  >
    ✕
  </button>
);

/** Figures and ways on, for what is chosen on the map. */
export const MapPanel = ({ map, on }: { readonly map: ServiceMap; readonly on: string }) => {
  const node = map.nodes.find((each) => each.id === on);
  const edge = map.edges.find((each) => edgeKey(each) === on);
  if (!node && !edge) return null;
  return (
    <aside class="panel" aria-label="Details of what is chosen">
      {node ? <NodePanel node={node} map={map} /> : null}
      {edge ? <EdgePanel edge={edge} map={map} /> : null}
    </aside>
  );
};
