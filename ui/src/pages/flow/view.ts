import { computed } from '@preact/signals';
import { adjust, place } from '../../state/location.ts';
import type { Stretch } from './fold.ts';

export type Tab = 'timeline' | 'findings' | 'json';
export type PathChoice = 'response' | 'completion' | 'off';

const oneOf = <T extends string>(value: string | null, known: readonly T[], otherwise: T): T =>
  known.find((each) => each === value) ?? otherwise;

const PATHS: readonly PathChoice[] = ['response', 'completion', 'off'];

/** What of a flow is shown, from the URL. */
export const tab = computed(() =>
  oneOf<Tab>(place.value.params.get('tab'), ['findings', 'json'], 'timeline'),
);
export const path = computed(() => oneOf(place.value.params.get('path'), PATHS, 'response'));
export const folded = computed(() => place.value.params.get('fold') !== '0');
export const chosen = computed(() => place.value.params.get('span'));
export const find = computed(() => place.value.params.get('find') ?? '');

/** The part of the flow that is shown, ns from its start; undefined for all of it. */
export const zoom = computed<Stretch | undefined>(() => {
  const match = /^(\d{1,16})-(\d{1,16})$/.exec(place.value.params.get('zoom') ?? '');
  const stretch = { from: Number(match?.[1]), to: Number(match?.[2]) };
  return stretch.to > stretch.from ? stretch : undefined;
});

export const setZoom = (next: Stretch | undefined): void =>
  adjust(
    { zoom: next && `${Math.max(0, Math.floor(next.from))}-${Math.ceil(Math.max(next.to, next.from + 1))}` },
    'push',
  );
export const setTab = (next: Tab): void => adjust({ tab: next === 'timeline' ? undefined : next }, 'push');
export const setPath = (next: PathChoice): void => adjust({ path: next === 'response' ? undefined : next });
export const setFolded = (on: boolean): void => adjust({ fold: on ? undefined : '0' });
export const choose = (link: string | undefined): void => adjust({ span: link });
export const setFind = (text: string): void => adjust({ find: text });

export const nextPath = (): void =>
  setPath(PATHS[(PATHS.indexOf(path.peek()) + 1) % PATHS.length] ?? 'response');
