import type { Chain, Finding, MapEdge, Queue, Severity, Where } from '../../analysis/index.ts';
import type { TraceId, UnixNanos } from '../../model/index.ts';

/** What the rules look at. A part is undefined where it could not be had: its rules then wait. */
export interface Observations {
  readonly chains: readonly Chain[] | undefined;
  readonly queues: readonly Queue[] | undefined;
  readonly edges: readonly MapEdge[] | undefined;
  readonly findings: readonly Finding[] | undefined;
  /** How far back they look, ns. */
  readonly window: number;
}

/** One place where a rule's condition holds now. */
export interface Sample {
  /** What tells this place from the rule's others, the same in every evaluation. */
  readonly place: readonly string[];
  readonly where: Where;
  readonly severity: Severity;
  readonly value: number;
  readonly bound: number | null;
  /** `ns` for durations, else a plural noun: `hops`, `messages`, `calls`, `times`. */
  readonly unit: string;
  readonly sentence: string;
  readonly exemplars: readonly TraceId[];
}

/** When the evaluation happens, and over what. */
export interface Moment {
  readonly now: UnixNanos;
  readonly observations: Observations;
}

/** Enough to look at, few enough for a page. */
export const MAX_EXEMPLARS = 5;
