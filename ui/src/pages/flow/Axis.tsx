import { useState } from 'preact/hooks';
import { formatDuration } from '../../lib/duration.ts';
import type { TimeScale } from './fold.ts';
import { ticksOf } from './ticks.ts';
import { setFolded, setZoom, zoom } from './view.ts';

/** A drag shorter than this is a click, px. */
const LEAST_DRAG = 4;

/** Drag along the axis to see that part of the flow alone. */
const useBrush = (scale: TimeScale) => {
  const [brush, setBrush] = useState<{ from: number; to: number } | undefined>();
  const onPointerDown = (event: PointerEvent) => {
    const head = event.currentTarget as HTMLElement;
    if (event.button !== 0 || (event.target as Element).closest('button')) return;
    const { left } = head.getBoundingClientRect();
    const start = event.clientX - left;
    let end = start;
    const move = (at: PointerEvent) => {
      end = at.clientX - left;
      setBrush({ from: Math.min(start, end), to: Math.max(start, end) });
    };
    head.setPointerCapture(event.pointerId);
    head.addEventListener('pointermove', move);
    head.addEventListener(
      'pointerup',
      () => {
        head.removeEventListener('pointermove', move);
        setBrush(undefined);
        if (Math.abs(end - start) >= LEAST_DRAG)
          setZoom({ from: scale.time(Math.min(start, end)), to: scale.time(Math.max(start, end)) });
      },
      { once: true },
    );
  };
  return { brush, onPointerDown };
};

/** The head of the waterfall: round times, and what each break stands for. */
export const Axis = ({ scale }: { readonly scale: TimeScale }) => {
  const { brush, onPointerDown } = useBrush(scale);
  return (
    <thead>
      <tr class="waterfall__axis" aria-rowindex={1}>
        <th scope="col">
          <span>service and operation</span>
          {zoom.value ? (
            <button
              type="button"
              class="waterfall__whole"
              title="Show the whole flow (Z)"
              onClick={() => setZoom(undefined)}
            >
              whole flow
            </button>
          ) : null}
        </th>
        <th
          scope="col"
          class="waterfall__ticks"
          aria-label="time from the start of the flow"
          title="Drag to zoom"
          onPointerDown={onPointerDown}
        >
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
          {brush ? (
            <i
              class="waterfall__brush"
              style={{ left: `${brush.from}px`, width: `${brush.to - brush.from}px` }}
            />
          ) : null}
        </th>
      </tr>
    </thead>
  );
};

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
