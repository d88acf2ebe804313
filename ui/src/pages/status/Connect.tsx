import { useState } from 'preact/hooks';
import type { Status } from '../../../../collector/src/contract/index.ts';
import { Code } from '../../components/Code.tsx';
import { Tabs } from '../../components/Tabs.tsx';
import { snippets } from './snippets.ts';
import './Connect.css';

/** How to connect a service, per language, ready to paste. */
export const Connect = ({ listeners }: { readonly listeners: Status['listeners'] }) => {
  const all = snippets(listeners, window.location.hostname);
  const [language, choose] = useState(all[0]?.language ?? '');
  const chosen = all.find((snippet) => snippet.language === language);
  return (
    <div class="connect">
      <Tabs
        label="Language"
        tabs={all.map((snippet) => ({ id: snippet.language, label: snippet.language }))}
        chosen={language}
        onChoose={choose}
      />
      {chosen ? (
        <>
          <p class="mid">{chosen.about}</p>
          <Code code={chosen.code} />
        </>
      ) : null}
    </div>
  );
};
