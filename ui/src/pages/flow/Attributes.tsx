import { useState } from 'preact/hooks';
import { attributeText, safeLink, sortedEntries } from '../../lib/attribute-text.ts';

/** A longer value is cut until it is asked for. */
const LONG = 280;

const Value = ({ value }: { readonly value: unknown }) => {
  const [whole, setWhole] = useState(false);
  const text = attributeText(value);
  const href = safeLink(text);
  if (href)
    return (
      <a href={href} target="_blank" rel="noreferrer noopener">
        {text}
      </a>
    );
  if (text.length <= LONG || whole) return <>{text}</>;
  return (
    <>
      {text.slice(0, LONG)}…{' '}
      <button type="button" class="btn btn--quiet" onClick={() => setWhole(true)}>
        all {text.length.toLocaleString('en-US')} characters
      </button>
    </>
  );
};

/** Keys and values as text, by key. */
export const Attributes = ({ attributes }: { readonly attributes: Readonly<Record<string, unknown>> }) => (
  <dl class="facts facts--mono">
    {sortedEntries(attributes).map(([key, value]) => (
      <>
        <dt key={key}>{key}</dt>
        <dd>
          <Value value={value} />
        </dd>
      </>
    ))}
  </dl>
);
