export { AttributeLists, VALUE } from './attribute-lists.ts';
export { Growable, growableF64, growableI64, growableU8, growableU32, growableU64 } from './growable.ts';
export { SPAN_ID_BYTES, SpanBatch, TRACE_ID_BYTES } from './span-batch.ts';
export { EMPTY, StringTable } from './string-table.ts';
