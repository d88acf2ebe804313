import type { ComponentChildren } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import './Popover.css';

/**
 * A button with a panel below it. The browser's own popover brings the top layer, Escape, the click outside and
 * the way back of the focus; only the place is ours.
 */
export const Popover = (props: {
  readonly label: ComponentChildren;
  readonly title: string;
  readonly class?: string;
  readonly align?: 'left' | 'right';
  readonly children: (close: () => void) => ComponentChildren;
}) => {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const place = () => {
    if (!button.current || !panel.current) return;
    const box = button.current.getBoundingClientRect();
    const { style } = panel.current;
    style.top = `${box.bottom + 4}px`;
    if (props.align === 'right') style.right = `${document.documentElement.clientWidth - box.right}px`;
    else style.left = `${box.left}px`;
  };
  return (
    <>
      <button
        type="button"
        ref={button}
        class={props.class ?? 'btn'}
        popovertarget={id}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={props.title}
        title={props.title}
      >
        {props.label}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        role="dialog"
        aria-label={props.title}
        class="popover"
        onBeforeToggle={place}
        onToggle={(event) => setOpen(event.newState === 'open')}
      >
        {open ? props.children(() => panel.current?.hidePopover()) : null}
      </div>
    </>
  );
};
