import type { ShapePart } from '../../../collector/src/contract/index.ts';
import { formatDuration } from '../lib/duration.ts';
import { serviceColor } from '../lib/service-hue.ts';
import { stripParts, stripText } from '../lib/shape.ts';
import './Shape.css';

/** What happened to a flow at a glance: sync segments solid, waits hatched, errors crossed. */
export const Shape = ({
  shape,
  longest,
}: {
  readonly shape: readonly ShapePart[];
  readonly longest: number;
}) => {
  const text = stripText(shape, formatDuration);
  return (
    <div class="shape" role="img" aria-label={text} title={text}>
      {stripParts(shape, longest).map((part, index) => {
        const style = { width: `${(part.width * 100).toFixed(2)}%`, '--service': serviceColor(part.service) };
        return (
          <>
            <i key={index} class={part.kind === 'wait' ? 'hatch' : undefined} style={style} />
            {part.error ? <span class="shape__error">✕</span> : null}
          </>
        );
      })}
    </div>
  );
};
