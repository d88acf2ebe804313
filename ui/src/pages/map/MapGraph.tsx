import type { MapEdge, MapNode } from '../../../../collector/src/contract/index.ts';
import { formatDuration } from '../../lib/duration.ts';
import { formatRate, formatShare } from '../../lib/figures.ts';
import { PROTOCOLS } from '../../lib/protocols.ts';
import { serviceColor } from '../../lib/service-hue.ts';
import { type PlacedEdge, type PlacedNode, pathThrough } from './layout.ts';

/** From this share of failed calls on, a part of the map is drawn as bad. */
const BAD = 0.01;
const LETTERS = 26;

const cut = (text: string): string => (text.length > LETTERS ? `${text.slice(0, LETTERS - 1)}…` : text);

const onKey = (action: () => void) => (event: KeyboardEvent) => {
  if (event.key !== 'Enter' && event.key !== ' ') return;
  event.preventDefault();
  action();
};

const nodeText = (node: MapNode): string =>
  `${node.kind} ${node.name}, ${formatRate(node.requestsPerSecond)} per second, ${formatShare(node.errorRate)} errors, p99 ${formatDuration(node.p99)}`;

const edgeText = (edge: MapEdge, from: string, to: string): string =>
  `${from} to ${to}, ${PROTOCOLS[edge.protocol]}, ${formatRate(edge.callsPerSecond)} per second, ${formatShare(edge.errorRate)} errors`;

export const NodeBox = (props: {
  readonly placed: PlacedNode;
  readonly on: boolean;
  readonly onChoose: () => void;
}) => {
  const { node, x, y, width, height } = props.placed;
  const bad = node.errorRate >= BAD;
  return (
    // biome-ignore lint/a11y/useSemanticElements: SVG has no button
    <g
      class={`node node--${node.kind} ${bad ? 'node--bad' : ''} ${props.on ? 'node--on' : ''}`}
      transform={`translate(${x} ${y})`}
      role="button"
      tabIndex={0}
      aria-pressed={props.on}
      aria-label={nodeText(node)}
      onClick={props.onChoose}
      onKeyDown={onKey(props.onChoose)}
    >
      <rect width={width} height={height} rx={node.kind === 'queue' ? 0 : 6} />
      {node.kind === 'service' ? (
        <path
          class="node__hue"
          d={`M6,0 h-0 a6,6 0 0 0 -6,6 v${height - 12} a6,6 0 0 0 6,6 z`}
          style={{ fill: serviceColor(node.name) }}
        />
      ) : null}
      <text x={16} y={20}>
        {cut(node.name)}
      </text>
      <text x={16} y={36} class="node__facts">
        {formatRate(node.requestsPerSecond)}/s · {formatDuration(node.p99)}
        {bad ? <tspan class="node__errors"> ✕ {formatShare(node.errorRate)}</tspan> : null}
      </text>
    </g>
  );
};

export const EdgeLine = (props: {
  readonly placed: PlacedEdge;
  readonly names: ReadonlyMap<string, string>;
  readonly on: boolean;
  readonly onChoose: () => void;
}) => {
  const { edge, points, label } = props.placed;
  const path = pathThrough(points);
  const bad = edge.errorRate >= BAD;
  const width = Math.min(5, 1.2 + Math.log10(1 + edge.callsPerSecond));
  const name = (id: string) => props.names.get(id) ?? id;
  return (
    // biome-ignore lint/a11y/useSemanticElements: SVG has no button
    <g
      class={`edge ${props.on ? 'edge--on' : ''}`}
      role="button"
      tabIndex={0}
      aria-pressed={props.on}
      aria-label={edgeText(edge, name(edge.from), name(edge.to))}
      onClick={props.onChoose}
      onKeyDown={onKey(props.onChoose)}
    >
      <path class="edge__hit" d={path} />
      <path
        class={`line line--${edge.protocol} ${bad ? 'line--bad' : ''}`}
        d={path}
        stroke-width={width.toFixed(2)}
        marker-end="url(#arrow)"
      />
      <g class="edge__label" transform={`translate(${label.x} ${label.y})`}>
        <text y={-6}>{PROTOCOLS[edge.protocol]}</text>
        <text y={15} class={bad ? 'edge__errors' : undefined}>
          {bad ? `✕ ${formatShare(edge.errorRate)}` : `${formatRate(edge.callsPerSecond)}/s`}
        </text>
      </g>
    </g>
  );
};
