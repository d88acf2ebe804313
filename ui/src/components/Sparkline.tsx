/** A line without axes, 120 x 22, from 0 up to the most; holes stay holes. */
export const sparkPath = (values: readonly (number | null)[], width: number, height: number): string => {
  const most = values.reduce<number>((top, value) => Math.max(top, value ?? 0), 0) || 1;
  let path = '';
  let pen = false;
  for (const [index, value] of values.entries()) {
    if (value === null) {
      pen = false;
      continue;
    }
    const x = (index / Math.max(1, values.length - 1)) * width;
    const y = height - 1 - (Math.max(0, value) / most) * (height - 3);
    path += `${pen ? 'L' : 'M'}${x.toFixed(1)},${y.toFixed(1)}`;
    pen = true;
  }
  return path;
};

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
