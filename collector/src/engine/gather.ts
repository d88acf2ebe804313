import { stitchKeys } from '../flow/index.ts';
import type { Span, TraceId } from '../model/index.ts';
import type { Store } from '../store/index.ts';

/** A flow that pulls in more than this is cut, with a warning: one broken key must not load the whole store. */
const MAX_TRACES = 200;

/** Names under which a trace is found again, see `SealedTrace.joins`. */
const linksTo = (traceId: string): string => `link:${traceId}`;
const produced = (key: string): string => `produced:${key}`;
const consumed = (key: string): string => `consumed:${key}`;

export const joinNames = (spans: readonly Span[]): string[] => {
  const keys = stitchKeys(spans);
  return [...keys.linkedTraces.map(linksTo), ...keys.produced.map(produced), ...keys.consumed.map(consumed)];
};

/** Join names of the traces that are still in the head, remembered per version of the trace. */
class HeadJoins {
  readonly #store: Store;
  readonly #known = new Map<TraceId, { version: number; names: readonly string[] }>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Open traces by name, now. */
  index(): Map<string, TraceId[]> {
    const byName = new Map<string, TraceId[]>();
    const open = new Set<TraceId>();
    for (const { traceId, version } of this.#store.openTraces()) {
      open.add(traceId);
      let known = this.#known.get(traceId);
      if (known?.version !== version) {
        known = { version, names: joinNames(this.#store.spans(traceId)) };
        this.#known.set(traceId, known);
      }
      for (const name of known.names) {
        const traces = byName.get(name);
        if (traces) traces.push(traceId);
        else byName.set(name, [traceId]);
      }
    }
    for (const traceId of this.#known.keys()) if (!open.has(traceId)) this.#known.delete(traceId);
    return byName;
  }
}

export interface Gathered {
  /** Of the flow's first trace first. */
  readonly spans: readonly Span[];
  readonly isCut: boolean;
}

/** Finds the traces of which a flow consists. */
export class FlowGatherer {
  readonly #store: Store;
  readonly #headJoins: HeadJoins;

  constructor(store: Store) {
    this.#store = store;
    this.#headJoins = new HeadJoins(store);
  }

  /** Undefined where the trace is unknown. */
  gather(traceId: TraceId): Gathered | undefined {
    const head = this.#headJoins.index();
    const joined = (name: string): TraceId[] => [
      ...new Set([...this.#store.joined(name), ...(head.get(name) ?? [])]),
    ];
    const first = this.#origin(traceId, joined);
    const traces = new Map<TraceId, readonly Span[]>();
    const queue: TraceId[] = [first];
    for (let next = queue.shift(); next !== undefined && traces.size < MAX_TRACES; next = queue.shift()) {
      if (traces.has(next)) continue;
      const spans = this.#store.spans(next);
      if (spans.length === 0) continue;
      traces.set(next, spans);
      queue.push(...joined(linksTo(next)));
      for (const key of stitchKeys(spans).produced) queue.push(...joined(consumed(key)));
    }
    if (traces.size === 0) return undefined;
    return { spans: [...traces.values()].flat(), isCut: queue.some((id) => !traces.has(id)) };
  }

  /** The spans of other traces to which these spans link: they tell when a message was published. */
  linked(spans: readonly Span[]): readonly Span[] {
    const own = spans[0]?.traceId;
    const links = spans.flatMap((span) => span.links).filter((link) => link.traceId !== own);
    const wanted = new Set(links.map((link) => link.spanId));
    const traces = [...new Set(links.map((link) => link.traceId))].slice(0, MAX_TRACES);
    return traces.flatMap((id) => this.#store.spans(id)).filter((span) => wanted.has(span.spanId));
  }

  /** Walks up while there is exactly one way up: a batch with many producers is an entry of its own. */
  #origin(traceId: TraceId, joined: (name: string) => TraceId[]): TraceId {
    const seen = new Set<TraceId>();
    let current = traceId;
    while (!seen.has(current)) {
      seen.add(current);
      const keys = stitchKeys(this.#store.spans(current));
      const above = new Set<TraceId>(keys.linkedTraces);
      for (const key of keys.consumed) for (const producer of joined(produced(key))) above.add(producer);
      above.delete(current);
      const [only] = above;
      if (above.size !== 1 || only === undefined || this.#store.spans(only).length === 0) return current;
      current = only;
    }
    return traceId;
  }
}
