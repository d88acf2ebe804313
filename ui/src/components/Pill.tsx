import type { ComponentChildren } from 'preact';
import type { Queue, Severity } from '../../../collector/src/contract/index.ts';
import './Pill.css';

export type Tone = 'bad' | 'warn' | 'good' | 'info' | 'plain';

/** A short state. `shape` says the tone without colour. */
export const Pill = (props: {
  readonly tone?: Tone;
  readonly shape?: string | undefined;
  readonly title?: string | undefined;
  readonly children: ComponentChildren;
}) => (
  <span class={`pill pill--${props.tone ?? 'plain'}`} title={props.title}>
    {props.shape ? (
      <span class="pill__shape" aria-hidden="true">
        {props.shape}
      </span>
    ) : null}
    {props.children}
  </span>
);

const SEVERITY = {
  critical: ['bad', '■'],
  warning: ['warn', '▲'],
  info: ['info', '●'],
} as const satisfies Record<Severity, readonly [Tone, string]>;

export const SeverityPill = (props: { readonly severity: Severity; readonly title?: string }) => (
  <Pill tone={SEVERITY[props.severity][0]} shape={SEVERITY[props.severity][1]} title={props.title}>
    {props.severity}
  </Pill>
);

const STATUS = {
  ok: ['good', '●'],
  warning: ['warn', '▲'],
  stalled: ['bad', '■'],
  stopped: ['bad', '■'],
  rewound: ['warn', '◀'],
  unknown: ['plain', '○'],
} as const satisfies Record<Queue['status'], readonly [Tone, string]>;

export const StatusPill = ({ status }: { readonly status: Queue['status'] }) => (
  <Pill tone={STATUS[status][0]} shape={STATUS[status][1]}>
    {status}
  </Pill>
);

export const severityTone = (severity: Severity): Tone => SEVERITY[severity][0];
export const statusTone = (status: Queue['status']): Tone => STATUS[status][0];
