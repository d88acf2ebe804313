import type { TraceId } from '../model/index.ts';
import { Head } from './head.ts';
import type { OpenTrace, SettledTrace, StoreOptions } from './types.ts';

/** What every store with a head does alike: the life of a trace until it is sealed. See `Store`. */
export abstract class HeadedStore {
  protected readonly head: Head;

  constructor(options: StoreOptions) {
    this.head = new Head(options);
  }

  openTraces(): Iterable<OpenTrace> {
    return this.head.openTraces();
  }

  rested(): readonly TraceId[] {
    return this.head.rested();
  }

  settle(traces: readonly SettledTrace[]): void {
    for (const trace of traces) this.head.settle(trace);
  }

  reopened(): readonly TraceId[] {
    return [...this.head.reopened()];
  }

  unsettle(traceIds: readonly TraceId[]): void {
    for (const traceId of traceIds) this.head.unsettle(traceId);
  }

  get isSealDue(): boolean {
    return this.head.isSealDue;
  }
}
