import { signal } from '@preact/signals';

/** Where the reader is. Everything a view shows beyond the data itself comes from here. */
export interface Place {
  readonly path: string;
  readonly params: URLSearchParams;
}

const read = (): Place => ({
  path: window.location.pathname,
  params: new URLSearchParams(window.location.search),
});

export const place = signal<Place>(read());

window.addEventListener('popstate', () => {
  place.value = read();
});

/** Goes to another view: a new entry in the history. */
export const navigate = (href: string): void => {
  if (href === window.location.pathname + window.location.search) return;
  window.history.pushState(null, '', href);
  place.value = read();
};

/** A link to `path` with these parameters; undefined and empty ones are left out. */
export const hrefOf = (path: string, params: Readonly<Record<string, string | undefined>> = {}): string => {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(params))
    if (value !== undefined && value !== '') search.set(key, value);
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
};

/** This view with some parameters changed: `replace` for what adjusts it, `push` for what Back should undo. */
export const adjust = (
  changes: Readonly<Record<string, string | undefined>>,
  how: 'push' | 'replace' = 'replace',
): void => {
  const { path, params } = place.peek();
  const href = hrefOf(path, { ...Object.fromEntries(params), ...changes });
  if (how === 'push') navigate(href);
  else {
    window.history.replaceState(null, '', href);
    place.value = read();
  }
};

/** Lets plain clicks on links of our own go without a page load; all others are the browser's. */
export const followLinks = (event: MouseEvent): void => {
  if (
    event.defaultPrevented ||
    event.button !== 0 ||
    event.metaKey ||
    event.ctrlKey ||
    event.shiftKey ||
    event.altKey
  )
    return;
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  if (!(link instanceof HTMLAnchorElement) || link.target !== '' || link.hasAttribute('download')) return;
  if (link.origin !== window.location.origin || link.pathname.startsWith('/api/')) return;
  event.preventDefault();
  navigate(link.pathname + link.search);
};
