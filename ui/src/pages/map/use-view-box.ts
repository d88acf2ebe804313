import { useEffect, useRef, useState } from 'preact/hooks';

interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

const MOST = 3;
const LEAST = 0.15;
/** Below this the names cannot be read: a wide map starts at its left end instead. */
const READABLE = 0.72;

/** Pan and zoom of a drawing `width` x `height` big in the element: fitted at first where that stays readable, then as the reader moves it. */
export const useViewBox = (width: number, height: number) => {
  const element = useRef<SVGSVGElement>(null);
  const [size, setSize] = useState({ width: 1_000, height: 600 });
  const [moved, setMoved] = useState<View | undefined>();
  useEffect(() => {
    if (!element.current) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);

  const fit = Math.min(1.25, size.width / Math.max(1, width), size.height / Math.max(1, height));
  const fitted: View = { x: (size.width - width * fit) / 2, y: (size.height - height * fit) / 2, zoom: fit };
  const first: View =
    fit < READABLE ? { x: 0, y: (size.height - height * READABLE) / 2, zoom: READABLE } : fitted;
  const view = moved ?? first;

  const zoomAt = (factor: number, x: number, y: number) => {
    const zoom = Math.min(MOST, Math.max(LEAST, view.zoom * factor));
    const ratio = zoom / view.zoom;
    setMoved({ x: x - (x - view.x) * ratio, y: y - (y - view.y) * ratio, zoom });
  };
  const onWheel = (event: WheelEvent) => {
    event.preventDefault();
    const box = element.current?.getBoundingClientRect();
    if (box) zoomAt(Math.exp(-event.deltaY / 500), event.clientX - box.left, event.clientY - box.top);
  };
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0 || (event.target as Element).closest('.node, .edge')) return;
    const svg = element.current;
    const from = { x: event.clientX - view.x, y: event.clientY - view.y };
    const move = (at: PointerEvent) =>
      setMoved({ x: at.clientX - from.x, y: at.clientY - from.y, zoom: view.zoom });
    svg?.setPointerCapture(event.pointerId);
    svg?.addEventListener('pointermove', move);
    svg?.addEventListener('pointerup', () => svg.removeEventListener('pointermove', move), { once: true });
  };
  return {
    element,
    transform: `translate(${view.x} ${view.y}) scale(${view.zoom})`,
    handlers: { onWheel, onPointerDown },
    zoom: (factor: number) => zoomAt(factor, size.width / 2, size.height / 2),
    reset: () => setMoved(fitted),
  };
};
