import type { Finding, Where } from '../../../collector/src/contract/index.ts';
import { ago, exactTime, nanosToMillis } from '../lib/clock.ts';
import { plural } from '../lib/figures.ts';
import { shownFigure } from '../lib/finding-figures.ts';
import { SeverityPill } from './Pill.tsx';
import { QueueName, ServiceName } from './places.tsx';
import { useNow } from './use-now.ts';
import './FindingCard.css';

/** Where something is: a hop, a service and its operation, or a queue and its consumer group. */
export const Place = ({ where }: { readonly where: Where }) => (
  <>
    {where.from ? (
      <span>
        {where.from} → {where.to ?? '…'}
      </span>
    ) : null}
    {where.service ? <ServiceName service={where.service} /> : null}
    {where.operation ? <span class="mid">{where.operation}</span> : null}
    {where.to && !where.from ? <span>→ {where.to}</span> : null}
    {where.destination ? (
      <QueueName destination={where.destination} group={where.consumerGroup ?? ''} />
    ) : null}
  </>
);

/** Advice with what stands between backticks as code. */
const Advice = ({ text }: { readonly text: string }) => (
  <p class="advice">
    {text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}
  </p>
);

const Figures = ({ figures }: { readonly figures: Readonly<Record<string, number>> }) => {
  const entries = Object.entries(figures);
  if (entries.length === 0) return null;
  return (
    <div class="finding__figures">
      {entries.map(([key, value]) => {
        const { name, text, title } = shownFigure(key, value);
        return (
          <span key={key} title={title}>
            {name} <b>{text}</b>
          </span>
        );
      })}
    </div>
  );
};

/** The flows that show it. */
export const FlowLinks = ({
  flows,
  label = 'See it in',
}: {
  readonly flows: readonly string[];
  readonly label?: string;
}) =>
  flows.length === 0 ? null : (
    <div class="finding__flows">
      <span class="mid">{label}</span>
      {flows.slice(0, 8).map((traceId) => (
        <a key={traceId} class="mono" href={`/flow/${encodeURIComponent(traceId)}`} title={traceId}>
          {traceId.slice(0, 8)}
        </a>
      ))}
      {flows.length > 8 ? <span class="dim">and {flows.length - 8} more</span> : null}
    </div>
  );

/** A finding: what, where, how sure, what to do, and the flows that prove it. */
export const FindingCard = (props: {
  readonly finding: Finding;
  /** A flow that needs no link, since the reader is there. */
  readonly except?: string;
}) => {
  const { finding, except } = props;
  const now = useNow(10_000);
  return (
    <article class="card finding" data-type={finding.type}>
      <div class="finding__head">
        <SeverityPill severity={finding.severity} />
        <h2>{finding.title}</h2>
        <Place where={finding.where} />
        <span class="finding__seen dim">
          {plural(finding.count, 'time')} ·{' '}
          <span title={exactTime(finding.firstSeen)}>first {ago(nanosToMillis(finding.firstSeen), now)}</span>{' '}
          · <span title={exactTime(finding.lastSeen)}>last {ago(nanosToMillis(finding.lastSeen), now)}</span>
        </span>
      </div>
      <p>{finding.sentence}</p>
      <Figures figures={finding.evidence.figures} />
      {finding.recommendation ? <Advice text={finding.recommendation} /> : null}
      <FlowLinks flows={finding.evidence.flows.filter((traceId) => traceId !== except)} />
    </article>
  );
};
