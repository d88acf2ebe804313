import { useEffect, useState } from 'preact/hooks';
import type { Status } from '../../../../collector/src/contract/index.ts';
import { api } from '../../state/api.ts';
import { onLive } from '../../state/live.ts';

const ASK_AGAIN_MS = 2_000;

const isEmpty = (status: Status): boolean => status.storage.spans === 0 && status.head.spans === 0;

/** Whether the collector holds any span. It is asked until it does: by events, and by itself should they fail. */
export const useHasData = (): { known: boolean; empty: boolean; status: Status | undefined } => {
  const [status, setStatus] = useState<Status | undefined>();
  const empty = status !== undefined && isEmpty(status);
  const settled = status !== undefined && !empty;
  useEffect(() => {
    if (settled) return undefined;
    const abort = new AbortController();
    const ask = () => {
      api.status(abort.signal).then(setStatus, () => undefined);
    };
    ask();
    const timer = setInterval(ask, ASK_AGAIN_MS);
    const stop = onLive('traces', ask);
    return () => {
      abort.abort();
      clearInterval(timer);
      stop();
    };
  }, [settled]);
  return { known: status !== undefined, empty, status };
};
