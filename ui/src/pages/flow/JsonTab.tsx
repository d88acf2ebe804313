import { useMemo } from 'preact/hooks';
import type { Flow } from '../../../../collector/src/contract/index.ts';
import { Copy } from '../../components/Copy.tsx';
import { formatBytes } from '../../lib/figures.ts';
import './JsonTab.css';

/** More text than this makes a page slow to lay out; the download has all of it. */
const MOST_SHOWN = 200_000;

/** The flow as the API gave it. */
export const JsonTab = ({ flow }: { readonly flow: Flow }) => {
  const text = useMemo(() => JSON.stringify(flow, null, 2), [flow]);
  const { traceId } = flow.entry;
  return (
    <div class="json">
      <div class="json__head">
        <a
          class="btn"
          href={`/api/v1/flows/${encodeURIComponent(traceId)}`}
          download={`flow-${traceId}.json`}
        >
          Download
        </a>
        <Copy text={text} label="Copy all" />
        <span class="dim">
          {formatBytes(text.length)}
          {text.length > MOST_SHOWN ? `, the first ${formatBytes(MOST_SHOWN)} shown` : ''}
        </span>
      </div>
      <pre>{text.slice(0, MOST_SHOWN)}</pre>
    </div>
  );
};
