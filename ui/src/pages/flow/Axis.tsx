import { formatDuration } from '../../lib/duration.ts';
import type { TimeScale } from './fold.ts';
import { ticksOf } from './ticks.ts';
import { setFolded } from './view.ts';

/** The head of the waterfall: round times, and what each break stands for. */
export const Axis = ({ scale }: { readonly scale: TimeScale }) => (
  <thead>
    <tr class="waterfall__axis" aria-rowindex={1}>
      <th scope="col">service and operation</th>
      <th scope="col" class="waterfall__ticks" aria-label="time from the start of the flow">
        {ticksOf(scale).map((tick) => (
          <span key={tick.x} style={{ left: `${tick.x}px` }}>
            {tick.label}
          </span>
        ))}
        {scale.pieces
          .filter((piece) => piece.folded)
          .map((piece) => {
            const length = formatDuration(piece.to - piece.from);
            return (
              <button
                type="button"
                key={piece.from}
                class="waterfall__break"
                tabIndex={-1}
                title={`${length} in which nothing works, not drawn; each side has its own scale. Click for true scale (f)`}
                style={{ left: `${piece.x0}px`, width: `${piece.x1 - piece.x0}px` }}
                onClick={() => setFolded(false)}
              >
                ⌇ {length} ⌇
              </button>
            );
          })}
      </th>
    </tr>
  </thead>
);

/** The breaks drawn down through all rows. */
export const Breaks = ({ scale, height }: { readonly scale: TimeScale; readonly height: string }) => (
  <>
    {scale.pieces
      .filter((piece) => piece.folded)
      .map((piece) => (
        <div
          key={piece.from}
          class="waterfall__fold"
          style={{
            left: `calc(var(--name-width) + ${piece.x0}px)`,
            width: `${piece.x1 - piece.x0}px`,
            height,
          }}
        />
      ))}
  </>
);
