import { useState } from 'preact/hooks';

/** Puts a text on the clipboard and says so. */
export const Copy = ({
  text,
  label = 'Copy',
  quiet,
}: {
  readonly text: string;
  readonly label?: string;
  readonly quiet?: boolean;
}) => {
  const [said, say] = useState<string | undefined>();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      say('Copied');
    } catch {
      say('Not allowed');
    }
    setTimeout(() => say(undefined), 1_500);
  };
  return (
    <button type="button" class={quiet ? 'btn btn--quiet' : 'btn'} onClick={copy} aria-live="polite">
      {said ?? label}
    </button>
  );
};
