import { z } from 'zod';
import { formatDuration, parseDuration } from '../duration.ts';

type Explain = { error: (issue: { readonly code?: string; readonly input?: unknown }) => string | undefined };

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};

/** Words the errors of a schema: what stands there, and what belongs there. */
export const needs = (what: string): Explain => ({
  error: ({ code, input }) => {
    if (code === 'unrecognized_keys') return undefined;
    return input === undefined ? `is missing: give ${what}` : `is ${shown(input)}: give ${what}`;
  },
});

/** The same without the value, which is or may be a secret. */
export const needsUnseen = (what: string): Explain => ({
  error: ({ input }) => (input === undefined ? `is missing: give ${what}` : `cannot be used: give ${what}`),
});

interface Span {
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** `30s`, `800ms`, `1h30m` as nanoseconds. */
export const duration = ({ atLeast = 0, atMost = Number.MAX_SAFE_INTEGER }: Span = {}) =>
  z.string(needs('a duration with its unit, such as 30s, 800ms or 1h30m')).transform((text, context) => {
    const nanos = parseDuration(text);
    if (nanos === undefined) {
      context.addIssue(`is ${shown(text)}: give a duration with its unit, such as 30s, 800ms or 1h30m`);
      return z.NEVER;
    }
    if (nanos < atLeast) {
      context.addIssue(`is ${shown(text)}: give at least ${formatDuration(atLeast)}`);
      return z.NEVER;
    }
    if (nanos > atMost) {
      context.addIssue(`is ${shown(text)}: give at most ${formatDuration(atMost)}`);
      return z.NEVER;
    }
    return nanos;
  });

export const count = (what: string) =>
  z.number(needs(what)).int(needs(what)).min(0, needs(what)).max(1_000_000_000, needs(what));

const GLOB = 'a name in which * stands for any characters, or a list of up to 50 of them';
const glob = z.string(needs(GLOB)).min(1, needs(GLOB)).max(300, needs('a name of at most 300 characters'));

/** One glob or a list of them, any of which may match. */
const globs = z.preprocess(
  (value) => (typeof value === 'string' ? [value] : value),
  z.array(glob, needs(GLOB)).min(1, needs(GLOB)).max(50, needs(GLOB)),
);

/** The matchers that a kind of rule offers. */
export const matchers = <const K extends string>(fields: readonly K[]) =>
  z.strictObject(
    Object.fromEntries(fields.map((field) => [field, globs.optional()])) as Record<
      K,
      z.ZodOptional<typeof globs>
    >,
    needs(`a mapping with any of ${fields.join(', ')}`),
  );
