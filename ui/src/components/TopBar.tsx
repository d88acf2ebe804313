import { plural } from '../lib/figures.ts';
import { connection, pulse } from '../state/live.ts';
import { place } from '../state/location.ts';
import { rangedHref } from '../state/range.ts';
import { nextTheme, theme } from '../state/theme.ts';
import { Pill } from './Pill.tsx';
import { RangePicker } from './RangePicker.tsx';
import './TopBar.css';

const NAV = [
  ['/', 'Flows'],
  ['/map', 'Map'],
  ['/chains', 'Chains'],
  ['/queues', 'Queues'],
  ['/findings', 'Findings'],
  ['/alerts', 'Alerts'],
  ['/status', 'Set up'],
] as const;

/** The pages that the time range does not change. */
const TIMELESS = /^\/(flow|status|alerts)\b/;
const THEME_ICON = { system: '◐', light: '☀', dark: '☾' } as const;

const isCurrent = (href: string, path: string): boolean =>
  href === '/' ? path === '/' || path.startsWith('/flow/') : path === href || path.startsWith(`${href}/`);

const Pulse = () => {
  if (connection.value === 'lost')
    return (
      <Pill tone="bad" shape="■">
        no collector
      </Pill>
    );
  const beat = pulse.value;
  if (!beat) return null;
  return (
    <a href="/status" title={`${plural(beat.spans, 'span')} stored`}>
      <Pill tone={beat.spansPerSecond > 0 ? 'good' : 'plain'} shape="●">
        {plural(beat.spansPerSecond, 'span')}/s
      </Pill>
    </a>
  );
};

export const TopBar = ({ onHelp }: { readonly onHelp: () => void }) => {
  const { path } = place.value;
  const firing = pulse.value?.firing ?? 0;
  return (
    <header class="top">
      <a class="top__brand" href="/" aria-label="Tailrace, all flows">
        <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
          <path d="M1 6c3 0 3 3 6 3s3-3 6-3 3 3 6 3" />
          <path d="M1 13c3 0 3 3 6 3s3-3 6-3 3 3 6 3" />
        </svg>
        Tailrace
      </a>
      <nav aria-label="Pages">
        {NAV.map(([href, label]) => (
          <a key={href} href={rangedHref(href)} aria-current={isCurrent(href, path) ? 'page' : undefined}>
            {label}
            {label === 'Alerts' && firing > 0 ? (
              <span class="top__firing">
                {firing}
                <span class="visually-hidden"> firing</span>
              </span>
            ) : null}
          </a>
        ))}
      </nav>
      <div class="top__right">
        <span class="top__pulse">
          <Pulse />
        </span>
        {TIMELESS.test(path) ? null : <RangePicker />}
        <button
          type="button"
          class="btn btn--quiet"
          onClick={nextTheme}
          aria-label={`Theme: ${theme.value}. Change it`}
          title={`Theme: ${theme.value} (t)`}
        >
          <span aria-hidden="true">{THEME_ICON[theme.value]}</span>
        </button>
        <button
          type="button"
          class="btn btn--quiet"
          onClick={onHelp}
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts (?)"
        >
          <kbd>?</kbd>
        </button>
      </div>
    </header>
  );
};
