import { Copy } from './Copy.tsx';
import './Code.css';

/** Something to paste. Long lines wrap, so that nothing hides behind a scroll bar. */
export const Code = ({ code }: { readonly code: string }) => (
  <div class="code">
    <pre>{code}</pre>
    <Copy text={code} />
  </div>
);
