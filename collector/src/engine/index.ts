export { type EngineClient, startEngine } from './client.ts';
export { TRANSPORTS, type Transport } from './counters.ts';
export {
  Engine,
  type EngineOptions,
  type EngineStatus,
  type IngestRequest,
  type IngestResult,
} from './engine.ts';
export { type Json, toJson, type Wire } from './present.ts';
