import { useEffect, useRef } from 'preact/hooks';

/** The one table of keys: what the handlers obey and the help sheet shows. Keys of a sequence are apart by a space. */
export const SHORTCUTS = {
  search: { keys: ['/'], group: 'Everywhere', title: 'Search, or find in the flow' },
  help: { keys: ['?'], group: 'Everywhere', title: 'This sheet' },
  theme: { keys: ['t'], group: 'Everywhere', title: 'Theme: system, light, dark' },
  reload: { keys: ['r'], group: 'Everywhere', title: 'Load again' },
  goFlows: { keys: ['g f'], group: 'Go to', title: 'Flows' },
  goMap: { keys: ['g m'], group: 'Go to', title: 'Map' },
  goChains: { keys: ['g c'], group: 'Go to', title: 'Chains' },
  goQueues: { keys: ['g q'], group: 'Go to', title: 'Queues' },
  goFindings: { keys: ['g i'], group: 'Go to', title: 'Findings' },
  goAlerts: { keys: ['g a'], group: 'Go to', title: 'Alerts' },
  goStatus: { keys: ['g s'], group: 'Go to', title: 'Set up and status' },
  next: { keys: ['j', 'ArrowDown'], group: 'Lists and waterfall', title: 'Next row' },
  previous: { keys: ['k', 'ArrowUp'], group: 'Lists and waterfall', title: 'Previous row' },
  first: { keys: ['Home'], group: 'Lists and waterfall', title: 'First row' },
  last: { keys: ['End'], group: 'Lists and waterfall', title: 'Last row' },
  open: { keys: ['Enter'], group: 'Lists and waterfall', title: 'Open; collapse or expand in the waterfall' },
  live: { keys: ['l'], group: 'Flows', title: 'Live tail on or off' },
  expand: { keys: ['ArrowRight'], group: 'Flow', title: 'Expand the row' },
  collapse: { keys: ['ArrowLeft'], group: 'Flow', title: 'Collapse the row, or go to its cause' },
  fold: { keys: ['f'], group: 'Flow', title: 'Fold long waits, or true scale' },
  path: { keys: ['c'], group: 'Flow', title: 'Critical path: response, completion, off' },
  zoom: { keys: ['z'], group: 'Flow', title: 'Zoom to the row' },
  unzoom: { keys: ['Z'], group: 'Flow', title: 'Show the whole flow' },
  nextMatch: { keys: ['n'], group: 'Flow', title: 'Next match' },
  previousMatch: { keys: ['N'], group: 'Flow', title: 'Previous match' },
  close: { keys: ['Escape'], group: 'Everywhere', title: 'Close the panel, leave the field' },
} as const satisfies Readonly<Record<string, { keys: readonly string[]; group: string; title: string }>>;

export type ShortcutId = keyof typeof SHORTCUTS;
type Handlers = Partial<Record<ShortcutId, () => void>>;

const active = new Set<{ current: Handlers }>();
const SEQUENCE_MS = 1_200;
let leader: { key: string; at: number } | undefined;

const handlerOf = (keys: string): (() => void) | undefined => {
  for (const [id, shortcut] of Object.entries(SHORTCUTS) as [ShortcutId, (typeof SHORTCUTS)[ShortcutId]][]) {
    if (!(shortcut.keys as readonly string[]).includes(keys)) continue;
    for (const layer of [...active].reverse()) {
      const handler = layer.current[id];
      if (handler) return handler;
    }
  }
  return undefined;
};

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Enter belongs to a focused control; a link or button must not open a row as well. */
const isControl = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('a[href], button, summary') !== null;

const onKey = (event: KeyboardEvent): void => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isField(event.target)) {
    if (event.key === 'Escape') (event.target as HTMLElement).blur();
    return;
  }
  if (document.querySelector('dialog[open]') || (event.key === 'Enter' && isControl(event.target))) return;
  const sequence =
    leader && event.timeStamp - leader.at < SEQUENCE_MS ? `${leader.key} ${event.key}` : undefined;
  leader = undefined;
  const handler = (sequence && handlerOf(sequence)) || handlerOf(event.key);
  if (handler) {
    event.preventDefault();
    handler();
  } else if (Object.values(SHORTCUTS).some(({ keys }) => keys.some((key) => key.startsWith(`${event.key} `))))
    leader = { key: event.key, at: event.timeStamp };
};

window.addEventListener('keydown', onKey);

/** While the component shows, these keys do these things; of several layers the newest one wins. */
export const useShortcuts = (handlers: Handlers): void => {
  const layer = useRef(handlers);
  layer.current = handlers;
  useEffect(() => {
    active.add(layer);
    return () => {
      active.delete(layer);
    };
  }, []);
};
