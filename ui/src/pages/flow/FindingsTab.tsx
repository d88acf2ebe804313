import type { Flow } from '../../../../collector/src/contract/index.ts';
import { FindingCard } from '../../components/FindingCard.tsx';
import { Nothing } from '../../components/states.tsx';

/** What is wrong or risky in this flow. */
export const FindingsTab = ({ flow }: { readonly flow: Flow }) =>
  flow.findings.length === 0 ? (
    <Nothing title="Nothing found in this flow">
      Findings name what is wrong or risky, with what to do about it.
    </Nothing>
  ) : (
    <div class="flow__body page">
      {flow.findings.map((finding) => (
        <FindingCard key={finding.id} finding={finding} except={flow.entry.traceId} />
      ))}
    </div>
  );
