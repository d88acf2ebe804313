import type { Status } from '../../../../collector/src/contract/index.ts';
import { Pill } from '../../components/Pill.tsx';
import { ServiceName } from '../../components/places.tsx';
import { Loaded } from '../../components/states.tsx';
import { ago, exactTime, nanosToMillis } from '../../lib/clock.ts';
import { formatSeconds } from '../../lib/duration.ts';
import { formatBytes, formatCount, formatShortCount, plural } from '../../lib/figures.ts';
import { formatQuery } from '../../lib/query.ts';
import { api } from '../../state/api.ts';
import { hrefOf } from '../../state/location.ts';
import { useResource } from '../../state/resource.ts';
import { useShortcuts } from '../../state/shortcuts.ts';
import { Connect } from './Connect.tsx';
import '../../components/panel.css';
import './StatusPage.css';

/** A sender that was silent for longer counts as gone, ms. */
const SILENT_MS = 60_000;

const Senders = ({ status }: { readonly status: Status }) => {
  const now = nanosToMillis(status.now);
  if (status.senders.length === 0)
    return <p class="mid">Nothing has arrived yet. Connect a service as shown, and send it a request.</p>;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">service</th>
          <th scope="col">SDK</th>
          <th scope="col" class="num">
            spans
          </th>
          <th scope="col" class="num">
            last seen
          </th>
          <th scope="col">state</th>
        </tr>
      </thead>
      <tbody>
        {status.senders.map((sender) => {
          const seen = nanosToMillis(sender.lastSeen);
          const silent = now - seen > SILENT_MS;
          return (
            <tr key={sender.service}>
              <td>
                <a href={hrefOf('/', { q: formatQuery([{ key: 'service', value: sender.service }]) })}>
                  <ServiceName service={sender.service} />
                </a>
              </td>
              <td class="mid">{sender.sdk ?? <span class="dim">–</span>}</td>
              <td class="num" title={formatCount(sender.spans)}>
                {formatShortCount(sender.spans)}
              </td>
              <td class="num" title={exactTime(sender.lastSeen)}>
                {ago(seen, now)}
              </td>
              <td>
                {silent ? (
                  <Pill shape="○">silent</Pill>
                ) : (
                  <Pill tone="good" shape="●">
                    sending
                  </Pill>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
};

const Ingest = ({ ingest }: { readonly ingest: Status['ingest'] }) => (
  <table>
    <thead>
      <tr>
        <th scope="col">transport</th>
        <th scope="col" class="num">
          requests
        </th>
        <th scope="col" class="num">
          spans on disk
        </th>
        <th scope="col" class="num">
          refused
        </th>
        <th scope="col" class="num">
          failed
        </th>
        <th scope="col" class="num">
          bytes
        </th>
      </tr>
    </thead>
    <tbody>
      {(['http', 'grpc'] as const).map((transport) => {
        const counters = ingest[transport];
        return (
          <tr key={transport}>
            <td>{transport === 'http' ? 'OTLP/HTTP' : 'OTLP/gRPC'}</td>
            <td class="num">{formatShortCount(counters.requests)}</td>
            <td class="num" title={formatCount(counters.accepted)}>
              {formatShortCount(counters.accepted)}
            </td>
            <td class="num">
              {counters.rejected > 0 ? <Pill tone="warn">{formatCount(counters.rejected)}</Pill> : 0}
            </td>
            <td class="num">
              {counters.failedRequests > 0 ? (
                <Pill tone="bad">{formatCount(counters.failedRequests)}</Pill>
              ) : (
                0
              )}
            </td>
            <td class="num">{formatBytes(counters.bytes)}</td>
          </tr>
        );
      })}
    </tbody>
  </table>
);

const Storage = ({ status }: { readonly status: Status }) => {
  const { storage, head } = status;
  const now = nanosToMillis(status.now);
  const stored = storage.spans > 0 ? ` · ${Math.round(storage.bytes / storage.spans)} bytes a span` : '';
  return (
    <dl class="facts">
      <dt>file</dt>
      <dd class="mono">{storage.path}</dd>
      <dt>size</dt>
      <dd>
        {formatBytes(storage.bytes)}
        <span class="dim">{stored}</span>
      </dd>
      <dt>in blocks</dt>
      <dd>
        {plural(storage.spans, 'span')}{' '}
        <span class="dim">
          of {plural(storage.traces, 'trace')} in {plural(storage.blocks, 'block')}
        </span>
      </dd>
      <dt title="On disk and searchable like the rest, until there is enough for a block">in the log</dt>
      <dd>
        {plural(head.spans, 'span')} <span class="dim">of {plural(head.traces, 'trace')}</span>
      </dd>
      <dt>oldest</dt>
      <dd>
        {storage.oldest ? (
          <span title={exactTime(storage.oldest)}>{ago(nanosToMillis(storage.oldest), now)}</span>
        ) : (
          '–'
        )}
      </dd>
      <dt>newest</dt>
      <dd>
        {storage.newest ? (
          <span title={exactTime(storage.newest)}>{ago(nanosToMillis(storage.newest), now)}</span>
        ) : (
          '–'
        )}
      </dd>
    </dl>
  );
};

/** The brokers that are asked what they know of their consumers. */
const Brokers = ({ brokers }: { readonly brokers: NonNullable<Status['brokers']> }) => (
  <dl class="facts">
    {brokers.map(({ url, connected, message }) => (
      <>
        <dt key={url}>
          {connected ? (
            <Pill tone={message ? 'warn' : 'good'} shape={message ? '▲' : '●'}>
              connected
            </Pill>
          ) : (
            <Pill tone="bad" shape="■">
              not connected
            </Pill>
          )}
        </dt>
        <dd>
          <span class="mono">{url}</span>
          {message ? <p class="mid">{message}</p> : null}
        </dd>
      </>
    ))}
  </dl>
);

const Overview = ({ status }: { readonly status: Status }) => (
  <>
    <div class="status__column">
      <section class="card">
        <h2>Connect a service</h2>
        <Connect listeners={status.listeners} />
      </section>
      <section class="card">
        <h2>What arrives, per sender</h2>
        <Senders status={status} />
      </section>
    </div>
    <div class="status__column">
      <section class="card">
        <h2>Listening</h2>
        <dl class="facts">
          <dt>OTLP/HTTP</dt>
          <dd class="mono">{status.listeners.otlpHttp}</dd>
          <dt>OTLP/gRPC</dt>
          <dd class="mono">{status.listeners.otlpGrpc}</dd>
          <dt>UI and API</dt>
          <dd class="mono">{status.listeners.ui}</dd>
          <dt>contract</dt>
          <dd>
            <a href="/api/v1/openapi.json">OpenAPI</a>
          </dd>
        </dl>
      </section>
      <section class="card">
        <h2>Received since the start</h2>
        <Ingest ingest={status.ingest} />
      </section>
      {status.brokers && status.brokers.length > 0 ? (
        <section class="card">
          <h2>{status.brokers.length === 1 ? 'Broker' : 'Brokers'} asked for facts</h2>
          <Brokers brokers={status.brokers} />
        </section>
      ) : null}
      <section class="card">
        <h2>Storage</h2>
        <Storage status={status} />
      </section>
    </div>
  </>
);

/** How to connect a service, and what the collector has of each. */
export const StatusPage = () => {
  const status = useResource('status', api.status, { everyMs: 2_000 });
  useShortcuts({ reload: status.reload });
  return (
    <div class="page status">
      <div class="page__head">
        <h1>Set up and status</h1>
        <span class="mid">
          {status.data
            ? `tailrace ${status.data.version} · up for ${formatSeconds(status.data.uptimeSeconds)} · ${plural(status.data.ingest.spansPerSecond, 'span')}/s`
            : ''}
        </span>
      </div>
      <Loaded resource={status} what="the status">
        {(data) => <Overview status={data} />}
      </Loaded>
    </div>
  );
};
