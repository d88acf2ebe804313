import type { ComponentChildren } from 'preact';
import './Figure.css';

/** One figure, large, with what it means below. */
export const Figure = (props: {
  readonly value: ComponentChildren;
  readonly children: ComponentChildren;
}) => (
  <div class="figure">
    <div class="figure__value">{props.value}</div>
    <div class="figure__name">{props.children}</div>
  </div>
);
