import { useEffect, useRef, useState } from 'preact/hooks';
import type { Flow } from '../../../../collector/src/contract/index.ts';
import { Tabs } from '../../components/Tabs.tsx';
import { useShortcuts } from '../../state/shortcuts.ts';
import { find, folded, nextPath, path, setFind, setFolded, setPath, setTab, type Tab, tab } from './view.ts';

/** Text search in the flow: matches as one types, Enter and Shift-Enter step through them. */
const Find = (props: {
  readonly matches: number;
  readonly at: number;
  readonly onStep: (by: number) => void;
}) => {
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(find.value);
  const given = find.value;
  useEffect(() => setText(given), [given]);
  useShortcuts({
    search: () => field.current?.select(),
    nextMatch: () => props.onStep(1),
    previousMatch: () => props.onStep(-1),
  });
  return (
    <div class="flow__find">
      <input
        ref={field}
        class="field"
        type="search"
        aria-label="Find in this flow"
        placeholder="Find in flow  /"
        spellcheck={false}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setFind(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') props.onStep(event.shiftKey ? -1 : 1);
        }}
      />
      <span class="flow__matches" role="status">
        {given === ''
          ? ''
          : props.matches === 0
            ? 'none'
            : `${props.at < 0 ? '–' : props.at + 1} of ${props.matches}`}
      </span>
    </div>
  );
};

export const FlowBar = (props: {
  readonly flow: Flow;
  readonly canFold: boolean;
  readonly matches: number;
  readonly at: number;
  readonly onStep: (by: number) => void;
}) => {
  useShortcuts({ fold: () => setFolded(!folded.peek()), path: nextPath });
  const tabs: { id: Tab; label: string }[] = [
    { id: 'timeline', label: 'Timeline' },
    { id: 'findings', label: `Findings ${props.flow.findings.length}` },
    { id: 'json', label: 'JSON' },
  ];
  return (
    <div class="flow__bar">
      <Tabs label="Views of the flow" tabs={tabs} chosen={tab.value} onChoose={setTab} />
      {tab.value === 'timeline' ? (
        <div class="flow__tools">
          <button
            type="button"
            class="btn"
            aria-pressed={folded.value && props.canFold}
            disabled={!props.canFold}
            title={
              props.canFold
                ? 'Long waits as breaks, or everything to scale'
                : 'No wait here is long enough to fold'
            }
            onClick={() => setFolded(!folded.value)}
          >
            Fold waits <kbd>f</kbd>
          </button>
          <span class="dim" id="path-label">
            critical path
          </span>
          {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a legend and a frame of its own */}
          <div class="segmented" role="group" aria-labelledby="path-label">
            {(['response', 'completion'] as const).map((choice) => (
              <button
                type="button"
                key={choice}
                class="btn"
                aria-pressed={path.value === choice}
                onClick={() => setPath(path.value === choice ? 'off' : choice)}
              >
                {choice}
              </button>
            ))}
          </div>
          <Find matches={props.matches} at={props.at} onStep={props.onStep} />
        </div>
      ) : null}
    </div>
  );
};
