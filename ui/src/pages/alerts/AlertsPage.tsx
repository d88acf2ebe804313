import { useEffect } from 'preact/hooks';
import type { Alert, Rule, Rules } from '../../../../collector/src/contract/index.ts';
import { FlowLinks, Place } from '../../components/FindingCard.tsx';
import { Pill, SeverityPill, type Tone } from '../../components/Pill.tsx';
import { Loaded, Nothing } from '../../components/states.tsx';
import { useNow } from '../../components/use-now.ts';
import { ago, exactTime, nanosToMillis } from '../../lib/clock.ts';
import { formatSeconds } from '../../lib/duration.ts';
import { formatCount, formatRate, formatShare, plural } from '../../lib/figures.ts';
import { api } from '../../state/api.ts';
import { onLive } from '../../state/live.ts';
import { useResource } from '../../state/resource.ts';
import { useShortcuts } from '../../state/shortcuts.ts';
import { Silence } from './Silence.tsx';
import './AlertsPage.css';

const STATES = {
  firing: ['bad', '■'],
  pending: ['warn', '▲'],
  resolved: ['good', '✓'],
  inactive: ['plain', '○'],
} as const satisfies Record<Alert['state'], readonly [Tone, string]>;

const ORDER: readonly Alert['state'][] = ['firing', 'pending', 'resolved', 'inactive'];

/** Firing first, then pending; what is silenced comes after both. */
const rank = (alert: Alert): number => ORDER.indexOf(alert.state) + (alert.silenced ? 1.5 : 0);

const StatePill = ({ state }: { readonly state: Alert['state'] }) => (
  <Pill tone={STATES[state][0]} shape={STATES[state][1]}>
    {state}
  </Pill>
);

const figure = (value: number, unit: string): string => {
  if (unit === 's' || unit === 'seconds') return formatSeconds(value);
  if (unit === 'share' || unit === 'ratio') return formatShare(value);
  return `${Number.isInteger(value) ? formatCount(value) : formatRate(value)} ${unit}`;
};

const AlertCard = ({ alert, onDone }: { readonly alert: Alert; readonly onDone: () => void }) => {
  const now = useNow(5_000);
  const open = alert.state === 'firing' || alert.state === 'pending';
  const told = alert.notified;
  return (
    <article
      class={`card alert ${alert.state === 'firing' && !alert.silenced ? 'alert--firing' : ''} ${open && !alert.silenced ? '' : 'alert--quiet'}`}
    >
      <div class="alert__head">
        <StatePill state={alert.state} />
        {alert.silenced ? <Pill>silenced</Pill> : null}
        <SeverityPill severity={alert.severity} />
        <h2>{alert.rule}</h2>
        <Place where={alert.where} />
        <span class="end dim" title={exactTime(alert.since)}>
          since {ago(nanosToMillis(alert.since), now)}
          {alert.resolvedAt ? `, over ${ago(nanosToMillis(alert.resolvedAt), now)}` : ''}
        </span>
        {open && !alert.silenced ? <Silence rule={alert.rule} alert={alert.id} onDone={onDone} /> : null}
      </div>
      <p>{alert.sentence}</p>
      <div class="finding__figures">
        <span>
          now <b>{figure(alert.value, alert.unit)}</b>
        </span>
        {alert.bound === null ? null : (
          <span>
            bound <b>{figure(alert.bound, alert.unit)}</b>
          </span>
        )}
        {told ? (
          <span title={exactTime(told.at)}>
            {told.ok ? 'told the channel' : 'could not tell the channel'} {ago(nanosToMillis(told.at), now)}
            {told.message ? <span class="alerts__error"> {told.message}</span> : null}
          </span>
        ) : null}
      </div>
      <FlowLinks flows={alert.exemplars} />
    </article>
  );
};

const RuleRow = ({ rule }: { readonly rule: Rule }) => (
  <tr>
    <td>
      <b>{rule.name}</b>
    </td>
    <td>
      <StatePill state={rule.state} />
    </td>
    <td>
      <SeverityPill severity={rule.severity} />
    </td>
    <td class="mid">{rule.kind}</td>
    <td>
      {rule.description}
      {rule.lastError ? <div class="alerts__error">▲ {rule.lastError}</div> : null}
    </td>
  </tr>
);

const RuleTable = ({ rules, file }: Rules) =>
  rules.length === 0 ? (
    <Nothing title="There are no rules, so nothing can fire">
      Write them in a file and start the collector with <code>--rules rules.yaml</code>.
    </Nothing>
  ) : (
    <section>
      <div class="page__head">
        <h2>Rules</h2>
        <span class="dim">{file ? <code>{file}</code> : 'built in'}</span>
      </div>
      <table>
        <thead>
          <tr>
            <th scope="col">rule</th>
            <th scope="col">state</th>
            <th scope="col">severity</th>
            <th scope="col">kind</th>
            <th scope="col">fires when</th>
          </tr>
        </thead>
        <tbody>
          {rules.map((rule) => (
            <RuleRow key={rule.name} rule={rule} />
          ))}
        </tbody>
      </table>
    </section>
  );

/** What fires, what is about to, and by which rules. */
export const AlertsPage = () => {
  const alerts = useResource('alerts', api.alerts, { everyMs: 10_000 });
  const rules = useResource('rules', api.rules, { everyMs: 30_000 });
  const reload = () => {
    alerts.reload();
    rules.reload();
  };
  useShortcuts({ reload });
  useEffect(() => onLive('alerts', alerts.reload), []);
  const firing =
    alerts.data?.alerts.filter((alert) => alert.state === 'firing' && !alert.silenced).length ?? 0;
  return (
    <div class="page">
      <div class="page__head">
        <h1>Alerts</h1>
        <span class="mid">{alerts.data ? `${plural(firing, 'alert')} firing` : ''}</span>
      </div>
      <Loaded resource={alerts} what="alerts">
        {({ alerts: all }) =>
          all.length === 0 ? (
            rules.data?.rules.length === 0 ? null : (
              <Nothing title="Nothing fires">No rule has been broken lately.</Nothing>
            )
          ) : (
            [...all]
              .sort((a, b) => rank(a) - rank(b))
              .map((alert) => <AlertCard key={alert.id} alert={alert} onDone={reload} />)
          )
        }
      </Loaded>
      <Loaded resource={rules} what="rules">
        {(data) => <RuleTable {...data} />}
      </Loaded>
    </div>
  );
};
