export { buildFlow } from './build.ts';
export type { StitchKeys } from './keys.ts';
export { stitchKeys } from './keys.ts';
export type * from './types.ts';
