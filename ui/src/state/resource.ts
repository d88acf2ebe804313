import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiFailure } from './api.ts';
import { reconnects } from './live.ts';

/** Something loaded. `data` stays while a newer answer is on its way or fails, so that nothing jumps. */
export interface Resource<T> {
  readonly data: T | undefined;
  readonly failure: ApiFailure | undefined;
  readonly loading: boolean;
  readonly reload: () => void;
}

/** Any error as one that has words for the reader. */
export const toFailure = (error: unknown): ApiFailure =>
  error instanceof ApiFailure
    ? error
    : new ApiFailure(
        'unexpected',
        error instanceof Error ? error.message : String(error),
        'Load the page again.',
      );

const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';

/**
 * Loads whenever `key` changes, when the collector comes back, and every `everyMs` while the page is visible.
 * A new `scope` drops the old data (another flow), a new key alone keeps it (another range of the same view).
 */
export const useResource = <T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  { everyMs, scope = '' }: { everyMs?: number | undefined; scope?: string } = {},
): Resource<T> => {
  const [state, setState] = useState<{ scope: string; data?: T; failure?: ApiFailure; loading: boolean }>({
    scope,
    loading: true,
  });
  const [round, setRound] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  const comebacks = reconnects.value;

  useEffect(() => {
    const abort = new AbortController();
    setState((old) =>
      old.scope === scope && old.data !== undefined ? { ...old, loading: true } : { scope, loading: true },
    );
    latest.current(abort.signal).then(
      (data) => {
        if (!abort.signal.aborted) setState({ scope, data, loading: false });
      },
      (error) => {
        if (!abort.signal.aborted && !isAbort(error))
          setState((old) => ({ ...old, failure: toFailure(error), loading: false }));
      },
    );
    return () => abort.abort();
  }, [key, scope, round, comebacks]);

  useEffect(() => {
    if (everyMs === undefined) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') setRound((count) => count + 1);
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);

  const current = state.scope === scope;
  return {
    data: current ? state.data : undefined,
    failure: current ? state.failure : undefined,
    loading: !current || state.loading,
    reload: () => setRound((count) => count + 1),
  };
};
