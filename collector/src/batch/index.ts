export { AttributeLists, VALUE } from './attribute-lists.ts';
export * from './growable.ts';
export { SPAN_ID_BYTES, SpanBatch, spansOf, TRACE_ID_BYTES } from './span-batch.ts';
export { EMPTY, StringTable } from './string-table.ts';
