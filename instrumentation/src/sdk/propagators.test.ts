import { expect, it } from 'vitest';
import { propagatorFrom } from './propagators.ts';

const fieldsOf = (setting: string | undefined) => {
  const reports: string[] = [];
  const fields = propagatorFrom(setting, (line) => reports.push(line)).fields();
  return { fields, reports };
};

it.each([undefined, '', ' '])('means trace context and baggage by %o', (setting) => {
  expect(fieldsOf(setting).fields).toEqual(['traceparent', 'tracestate', 'baggage']);
});

it('takes what is asked for, and nothing for none', () => {
  expect(fieldsOf('tracecontext, tracecontext').fields).toEqual(['traceparent', 'tracestate']);
  expect(fieldsOf('none')).toEqual({ fields: [], reports: [] });
});

it('says which names it does not know', () => {
  const { fields, reports } = fieldsOf('b3,baggage');
  expect(fields).toEqual(['baggage']);
  expect(reports).toEqual(['OTEL_PROPAGATORS: b3 is not supported, only tracecontext and baggage']);
});
