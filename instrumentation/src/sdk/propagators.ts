import type { TextMapPropagator } from '@opentelemetry/api';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';

const KNOWN: Readonly<Record<string, () => TextMapPropagator>> = {
  tracecontext: () => new W3CTraceContextPropagator(),
  baggage: () => new W3CBaggagePropagator(),
};

/** Reads `OTEL_PROPAGATORS`; `report` hears of a name that is none of tracecontext, baggage and none. */
export const propagatorFrom = (
  setting: string | undefined,
  report: (line: string) => void,
): TextMapPropagator => {
  const names = setting?.trim() ? setting.split(',').map((name) => name.trim()) : Object.keys(KNOWN);
  const propagators: TextMapPropagator[] = [];
  for (const name of new Set(names)) {
    const make = KNOWN[name];
    if (make) propagators.push(make());
    else if (name !== 'none')
      report(`OTEL_PROPAGATORS: ${name} is not supported, only tracecontext and baggage`);
  }
  return new CompositePropagator({ propagators });
};
