import type { Finding, Severity } from '../../../../collector/src/contract/index.ts';
import { FindingCard } from '../../components/FindingCard.tsx';
import { Loaded, Nothing } from '../../components/states.tsx';
import { plural } from '../../lib/figures.ts';
import { api } from '../../state/api.ts';
import { adjust, place } from '../../state/location.ts';
import { boundsNow, rangeKey, refreshEvery } from '../../state/range.ts';
import { useResource } from '../../state/resource.ts';
import { useShortcuts } from '../../state/shortcuts.ts';
import { groupFindings } from './group.ts';
import './FindingsPage.css';

const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'info'];

const Groups = ({ findings }: { readonly findings: readonly Finding[] }) => {
  const wanted = place.value.params.get('severity');
  const type = place.value.params.get('type');
  const shown = findings.filter(
    (finding) => (wanted === null || finding.severity === wanted) && (type === null || finding.type === type),
  );
  return (
    <>
      <div class="findings__filter">
        {SEVERITIES.map((severity) => (
          <button
            type="button"
            key={severity}
            class="btn"
            aria-pressed={wanted === severity}
            onClick={() => adjust({ severity: wanted === severity ? undefined : severity }, 'push')}
          >
            {findings.filter((finding) => finding.severity === severity).length} {severity}
          </button>
        ))}
        {type === null ? null : (
          <button type="button" class="btn" aria-pressed onClick={() => adjust({ type: undefined }, 'push')}>
            only {type} ✕
          </button>
        )}
      </div>
      {groupFindings(shown).map((group) => (
        <section class="findings__group" key={group.type}>
          <h2>
            {group.type.replaceAll('-', ' ')} <span class="dim">{group.findings.length}</span>
          </h2>
          {group.findings.map((finding) => (
            <FindingCard key={finding.id} finding={finding} />
          ))}
        </section>
      ))}
    </>
  );
};

/** What is wrong or risky, by type, with the flows that prove it. */
export const FindingsPage = () => {
  const findings = useResource(rangeKey.value, (signal) => api.findings(boundsNow(), signal), {
    everyMs: refreshEvery.value,
  });
  useShortcuts({ reload: findings.reload });
  return (
    <div class="page">
      <div class="page__head">
        <h1>Findings</h1>
        <span class="mid">what is wrong or risky, and what to do about it</span>
        <span class="dim end">{findings.data ? plural(findings.data.findings.length, 'finding') : ''}</span>
      </div>
      <Loaded resource={findings} what="findings">
        {({ findings: all }) =>
          all.length === 0 ? (
            <Nothing title="Nothing found in this time range">
              Findings appear when flows wait, fail, repeat or hang together in risky ways.
            </Nothing>
          ) : (
            <Groups findings={all} />
          )
        }
      </Loaded>
    </div>
  );
};
