import type { Engine } from './engine.ts';

/** What crosses between the main thread and the engine's thread. Call 0 is the opening itself. */
export type EngineMethod = Exclude<keyof Engine, 'settle' | 'seal' | 'expire'>;

export interface EngineCall {
  readonly id: number;
  readonly method: EngineMethod;
  readonly args: readonly unknown[];
  /** Answer with JSON text: a large answer then crosses as one string and goes out as it is. */
  readonly asJson: boolean;
}

export type EngineReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: { readonly name: string; readonly message: string } };

export interface EngineThreadOptions {
  readonly path: string;
  readonly settleMs: number;
  readonly retentionMs: number;
  readonly maxBytes: number;
}
