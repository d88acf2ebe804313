export { MemoryStore } from './memory-store.ts';
export { compareBy, matches, searchAmong, sortValue } from './search.ts';
export { SqliteStore, type SqliteStoreOptions } from './sqlite-store.ts';
export * from './types.ts';
