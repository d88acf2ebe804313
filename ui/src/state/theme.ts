import { signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';

const STORAGE_KEY = 'tailrace.theme';
const ORDER: readonly Theme[] = ['system', 'light', 'dark'];

const remembered = (): Theme => {
  const set = document.documentElement.dataset.theme;
  return set === 'light' || set === 'dark' ? set : 'system';
};

export const theme = signal<Theme>(remembered());

/** Counts changes of what is drawn, for canvases, which cannot follow CSS by themselves. */
export const themeChanges = signal(0);

window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  themeChanges.value++;
});

/** system, light, dark, and round again; remembered where the browser lets us. */
export const nextTheme = (): void => {
  const next = ORDER[(ORDER.indexOf(theme.peek()) + 1) % ORDER.length] ?? 'system';
  if (next === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  try {
    if (next === 'system') localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, next);
  } catch {
    // Storage is off: the choice holds for this page.
  }
  theme.value = next;
  themeChanges.value++;
};

/** A CSS colour as a canvas needs it: canvases know neither var() nor light-dark(). */
export const resolvedColor = (color: string): string => {
  const probe = document.createElement('i');
  probe.style.color = color.startsWith('--') ? `var(${color})` : color;
  document.documentElement.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
};
