/**
 * One reading of OpenTelemetry's semantic conventions: the names that changed over the years and the
 * spellings of well-known libraries give the same facts. Everything here is a pure function of one span.
 */
export * from './calls.ts';
export * from './messaging.ts';
export * from './naming.ts';
