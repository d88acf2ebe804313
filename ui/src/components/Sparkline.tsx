import { sparkPath } from './spark-path.ts';

/** A line without axes, 120 by 22 pixels. */
export const Sparkline = (props: {
  readonly values: readonly (number | null)[];
  readonly color: string;
  readonly label: string;
}) => (
  <svg class="spark" width="120" height="22" viewBox="0 0 120 22" role="img" aria-label={props.label}>
    <title>{props.label}</title>
    <path d={sparkPath(props.values, 120, 22)} style={{ stroke: props.color }} />
  </svg>
);
