import { useEffect, useRef } from 'preact/hooks';
import { SHORTCUTS } from '../state/shortcuts.ts';
import './HelpSheet.css';

const NAMES: Readonly<Record<string, string>> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowRight: '→',
  ArrowLeft: '←',
  Escape: 'Esc',
};

const Keys = ({ keys }: { readonly keys: readonly string[] }) => (
  <>
    {keys.map((sequence) =>
      sequence.split(' ').map((key) => <kbd key={`${sequence}${key}`}>{NAMES[key] ?? key}</kbd>),
    )}
  </>
);

/** Every key, from the table that the handlers obey. */
export const HelpSheet = ({ onClose }: { readonly onClose: () => void }) => {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const groups = Map.groupBy(Object.values(SHORTCUTS), (shortcut) => shortcut.group);
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={onClose}>
      <div class="help__head">
        <h1 id="help-title">Keyboard</h1>
        <button type="button" class="btn" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
      <div class="help__groups">
        {[...groups].map(([group, shortcuts]) => (
          <section key={group}>
            <h2>{group}</h2>
            <dl>
              {shortcuts.map((shortcut) => (
                <>
                  <dt>
                    <Keys keys={shortcut.keys} />
                  </dt>
                  <dd>{shortcut.title}</dd>
                </>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </dialog>
  );
};
