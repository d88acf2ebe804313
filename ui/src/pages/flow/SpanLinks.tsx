import { hrefOf, place } from '../../state/location.ts';
import type { FlowModel, SpanItem } from './model.ts';

interface Edge {
  readonly arrow: '←' | '→';
  readonly title: string;
  readonly href: string;
  readonly text: string;
}

const here = (spanId: string): string =>
  hrefOf(place.value.path, { ...Object.fromEntries(place.value.params), span: spanId });

const textOf = (item: SpanItem | undefined, spanId: string): string =>
  item ? `${item.span.service} · ${item.label}` : `span ${spanId}`;

/** Links as the span names them, and those that name it; a cause in another segment counts as one. */
const edgesOf = (model: FlowModel, item: SpanItem): Edge[] => {
  const { span } = item;
  const edges: Edge[] = [];
  const seen = new Set<string>();
  const add = (arrow: Edge['arrow'], title: string, traceId: string, spanId: string) => {
    if (seen.has(arrow + spanId) || spanId === span.spanId) return;
    seen.add(arrow + spanId);
    const target = model.spans.get(spanId);
    const href = target ? here(spanId) : hrefOf(`/flow/${encodeURIComponent(traceId)}`, { span: spanId });
    edges.push({ arrow, title, href, text: textOf(target, spanId) });
  };
  for (const link of span.links) add('←', 'this span links to it', link.traceId, link.spanId);
  if (span.causedBy) add('←', 'caused by', span.traceId, span.causedBy);
  for (const other of model.spans.values()) {
    if (other.span.links.some((link) => link.spanId === span.spanId && link.traceId === span.traceId))
      add('→', 'links to this span', other.span.traceId, other.span.spanId);
    else if (other.span.causedBy === span.spanId && other.span.segmentId !== span.segmentId)
      add('→', 'caused', other.span.traceId, other.span.spanId);
  }
  return edges;
};

export const SpanLinks = ({ model, item }: { readonly model: FlowModel; readonly item: SpanItem }) => {
  const edges = edgesOf(model, item);
  if (edges.length === 0) return null;
  return (
    <details open>
      <summary>
        Links <span class="dim">{edges.length}</span>
      </summary>
      <ul class="panel__links">
        {edges.map((edge) => (
          <li key={edge.arrow + edge.href}>
            <span aria-hidden="true">{edge.arrow}</span>
            <a href={edge.href} title={edge.title}>
              {edge.text}
            </a>
          </li>
        ))}
      </ul>
    </details>
  );
};
