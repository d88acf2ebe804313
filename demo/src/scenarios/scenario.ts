import type { ServiceName } from '../runner/services.ts';
import type { Mix } from '../traffic/mix.ts';

/** A finding that must come out of the collector's API when the story was played. */
export interface ExpectedFinding {
  /** One of the finding types that `GET /api/v1/findings` knows. */
  readonly type: string;
  /** What the finding must be about; keys that are left out do not matter. */
  readonly where: {
    readonly service?: string;
    readonly operation?: string;
    readonly destination?: string;
    readonly consumerGroup?: string;
  };
  readonly meaning: string;
}

/** A story that the shop plays. All data: the services know settings, never scenarios. */
export interface Scenario {
  readonly name: string;
  /** One or two sentences for the terminal. */
  readonly story: string;
  readonly lookAt: readonly string[];
  readonly mustFind: readonly ExpectedFinding[];
  /** Requests per second, unless the user says otherwise. */
  readonly rate: number;
  readonly mix: Mix;
  /** From the first request until the `FAULT_*` settings hold: the healthy baseline. */
  readonly faultAfterSeconds: number;
  /**
   * Environment variables per service. `NAME` holds from the start; `FAULT_NAME` takes its place when the
   * fault begins. Times are in milliseconds.
   */
  readonly settings: Readonly<Partial<Record<ServiceName, Readonly<Record<string, string>>>>>;
}
