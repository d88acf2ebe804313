import { useMemo } from 'preact/hooks';
import type { Protocol, ServiceMap } from '../../../../collector/src/contract/index.ts';
import { Loaded, Nothing } from '../../components/states.tsx';
import { PROTOCOLS } from '../../lib/protocols.ts';
import { api } from '../../state/api.ts';
import { adjust, place } from '../../state/location.ts';
import { boundsNow, rangeKey, refreshEvery } from '../../state/range.ts';
import { useResource } from '../../state/resource.ts';
import { useShortcuts } from '../../state/shortcuts.ts';
import { layoutMap, structureOf } from './layout.ts';
import { EdgeLine, NodeBox } from './MapGraph.tsx';
import { MapPanel } from './MapPanel.tsx';
import { useViewBox } from './use-view-box.ts';
import '../../components/panel.css';
import './MapPage.css';

const Legend = ({ map }: { readonly map: ServiceMap }) => {
  const used = new Set<Protocol>(map.edges.map((edge) => edge.protocol));
  return (
    <div class="map__legend">
      {[...used].sort().map((protocol) => (
        <span key={protocol}>
          <svg viewBox="0 0 30 8" aria-hidden="true">
            <path class={`line line--${protocol}`} d="M0,4 H30" stroke-width="2" />
          </svg>
          {PROTOCOLS[protocol]}
        </span>
      ))}
      <span class="dim">boxes: requests per second · p99</span>
    </div>
  );
};

const Graph = ({ map }: { readonly map: ServiceMap }) => {
  const structure = structureOf(map);
  const placed = useMemo(() => layoutMap(map), [structure]);
  const view = useViewBox(placed.width, placed.height);
  const on = place.value.params.get('on') ?? '';
  const names = new Map(map.nodes.map((node) => [node.id, node.name]));
  const nodes = new Map(map.nodes.map((node) => [node.id, node]));
  const edges = new Map(map.edges.map((edge) => [JSON.stringify([edge.from, edge.to, edge.protocol]), edge]));
  const choose = (key: string) => adjust({ on: key === on ? undefined : key });
  useShortcuts({ close: () => adjust({ on: undefined }) });
  const panel = nodes.has(on) || edges.has(on);
  return (
    <div class={panel ? 'map map--panel' : 'map'}>
      <div class="map__field">
        {/* biome-ignore lint/a11y/useSemanticElements: a group of drawn things, not a set of fields */}
        <svg
          ref={view.element}
          role="group"
          aria-label="Services and queues, and who calls whom"
          {...view.handlers}
        >
          <defs>
            <marker
              id="arrow"
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="9"
              markerHeight="9"
              orient="auto"
              markerUnits="userSpaceOnUse"
            >
              <path class="arrow" d="M0,0 L8,4 L0,8 z" />
            </marker>
          </defs>
          <g transform={view.transform}>
            {placed.edges.map((edge) => (
              <EdgeLine
                key={edge.key}
                placed={{ ...edge, edge: edges.get(edge.key) ?? edge.edge }}
                names={names}
                on={edge.key === on}
                onChoose={() => choose(edge.key)}
              />
            ))}
            {placed.nodes.map((node) => (
              <NodeBox
                key={node.node.id}
                placed={{ ...node, node: nodes.get(node.node.id) ?? node.node }}
                on={node.node.id === on}
                onChoose={() => choose(node.node.id)}
              />
            ))}
          </g>
        </svg>
        <Legend map={map} />
        <div class="map__zoom">
          <button type="button" class="btn" aria-label="Zoom out" onClick={() => view.zoom(0.8)}>
            −
          </button>
          <button type="button" class="btn" onClick={view.reset}>
            Fit
          </button>
          <button type="button" class="btn" aria-label="Zoom in" onClick={() => view.zoom(1.25)}>
            +
          </button>
        </div>
      </div>
      {panel ? <MapPanel map={map} on={on} /> : null}
    </div>
  );
};

/** Who calls whom, and through which queues. */
export const MapPage = () => {
  const map = useResource(rangeKey.value, (signal) => api.map(boundsNow(), signal), {
    everyMs: refreshEvery.value,
  });
  useShortcuts({ reload: map.reload });
  return (
    <>
      <h1 class="visually-hidden">Map</h1>
      <Loaded resource={map} what="the map">
        {(data) =>
          data.nodes.length === 0 ? (
            <Nothing title="No traffic in this time range">Widen the range, or connect a service.</Nothing>
          ) : (
            <Graph map={data} />
          )
        }
      </Loaded>
    </>
  );
};
