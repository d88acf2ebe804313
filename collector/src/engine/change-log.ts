import type { TraceSummary } from '../analysis/index.ts';
import type { TraceId } from '../model/index.ts';

/** A watcher that was away for longer than this many changes gets only the newest. */
const MAX_REMEMBERED = 1_000;

export interface Change {
  readonly traceId: TraceId;
  /** Set once the trace is sealed; while it is open its summary is made on demand. */
  readonly summary: TraceSummary | undefined;
}

/** Which traces changed lately, the newest change of each. */
export class ChangeLog {
  /** In order of change: a trace moves to the end whenever it changes. */
  readonly #changes = new Map<TraceId, Change & { readonly mark: number }>();
  #mark = 0;

  get latest(): number {
    return this.#mark;
  }

  add(traceId: TraceId, summary?: TraceSummary): void {
    this.#changes.delete(traceId);
    this.#changes.set(traceId, { traceId, summary, mark: ++this.#mark });
    if (this.#changes.size <= MAX_REMEMBERED) return;
    const [oldest] = this.#changes.keys();
    if (oldest !== undefined) this.#changes.delete(oldest);
  }

  /** Changes after the mark, newest first. */
  since(mark: number): Change[] {
    return [...this.#changes.values()].filter((change) => change.mark > mark).reverse();
  }
}
