import type { Flow } from '../../../../collector/src/contract/index.ts';
import { Copy } from '../../components/Copy.tsx';
import { Duration } from '../../components/Duration.tsx';
import { Pill, severityTone } from '../../components/Pill.tsx';
import { ServiceMark } from '../../components/places.tsx';
import { dateTime, exactTime, nanosToMillis, timeZone } from '../../lib/clock.ts';
import { formatDuration } from '../../lib/duration.ts';
import { emphasise } from '../../lib/emphasis.ts';
import { formatCount, plural } from '../../lib/figures.ts';
import { rangedHref } from '../../state/range.ts';

const GRADES: Readonly<Record<Flow['grade'], string | undefined>> = {
  complete: undefined,
  orphaned: 'a parent is missing',
  dangling: 'a link leads nowhere',
  unprocessed: 'a message was not processed yet',
};

const Sentence = ({ flow }: { readonly flow: Flow }) => {
  const names = [
    ...flow.spans.slice(0, 5_000).map((span) => span.service),
    ...flow.deliveries.map((each) => each.destination),
    ...flow.hops.map((hop) => hop.to.name),
  ];
  return (
    <p class="flow__sentence">
      {emphasise(flow.sentence, names).map((part, index) =>
        part.strong ? <b key={index}>{part.text}</b> : part.text,
      )}
    </p>
  );
};

/** How sure the queue times are: the worst clock that any of them had to use. */
const Clock = ({ flow }: { readonly flow: Flow }) => {
  if (flow.deliveries.length === 0) return null;
  const worst = flow.deliveries.reduce((a, b) => (b.uncertainty > a.uncertainty ? b : a));
  return (
    <Pill title="Which clock the times in queue were measured with, and how far they may be off">
      clock: {worst.clock} ±{formatDuration(worst.uncertainty)}
    </Pill>
  );
};

/** What happened, in a sentence, then in figures. */
export const FlowHead = ({ flow }: { readonly flow: Flow }) => {
  const errors = flow.spans.filter((span) => span.status.code === 'error').length;
  const services = new Set(flow.spans.map((span) => span.service)).size;
  const findings = [...new Map(flow.findings.map((finding) => [finding.type, finding])).values()];
  const { traceId } = flow.entry;
  return (
    <header class="flow__head">
      <div class="flow__crumb">
        <a href={rangedHref('/')}>Flows</a> /
        <span class="mono" title={traceId}>
          {traceId.slice(0, 8)}…{traceId.slice(-6)}
        </span>
        <Copy text={traceId} label="Copy id" quiet />
        <span title={exactTime(flow.start)}>
          {dateTime(nanosToMillis(flow.start))} {timeZone()}
        </span>
      </div>
      <h1>
        <ServiceMark service={flow.entry.service} />
        {flow.entry.service} · {flow.entry.name}
        {errors > 0 ? (
          <Pill tone="bad" shape="✕">
            {plural(errors, 'error')}
          </Pill>
        ) : null}
        {findings.map((finding) => (
          <Pill key={finding.type} tone={severityTone(finding.severity)} title={finding.sentence}>
            {finding.type.replaceAll('-', ' ')}
          </Pill>
        ))}
        {GRADES[flow.grade] ? <Pill tone="warn">{GRADES[flow.grade]}</Pill> : null}
      </h1>
      <Sentence flow={flow} />
      <div class="flow__facts">
        <span>
          response{' '}
          <b>
            <Duration nanos={flow.responseDuration} />
          </b>
        </span>
        <span>
          completion{' '}
          <b>
            <Duration nanos={flow.completionDuration} />
          </b>
        </span>
        <span>
          {plural(flow.traceIds.length, 'trace')} · {plural(flow.spans.length, 'span')} ·{' '}
          {plural(services, 'service')}
        </span>
        <span>
          sync depth <b>{flow.syncDepth}</b>
        </span>
        <span>
          queue hops <b>{formatCount(flow.deliveries.length)}</b>
        </span>
        <Clock flow={flow} />
        {flow.warnings.map((warning) => (
          <span key={warning} class="flow__warning">
            ▲ {warning}
          </span>
        ))}
      </div>
    </header>
  );
};
