import type { Status } from '../../../../collector/src/contract/index.ts';
import { Connect } from '../status/Connect.tsx';
import './Welcome.css';

const PICTURE = [
  ['var(--svc-0)', '18%'],
  ['wait', '34%'],
  ['var(--svc-4)', '12%'],
  ['wait', '8%'],
  ['var(--svc-5)', '9%'],
] as const;

/** The first screen of a collector that holds nothing yet. It goes away by itself. */
export const Welcome = ({ status }: { readonly status: Status }) => (
  <div class="welcome">
    <div class="welcome__lead">
      <h1>Nothing has arrived yet</h1>
      <p class="mid">
        Connect one service and send it a request. You will see how the request travels through REST, gRPC and
        queues, and where it waits.
      </p>
    </div>
    <div class="welcome__strip" aria-hidden="true">
      {PICTURE.map(([color, width], index) => (
        <i
          key={index}
          class={color === 'wait' ? 'hatch' : undefined}
          style={color === 'wait' ? { width } : { width, background: color }}
        />
      ))}
    </div>
    <div class="card">
      <Connect listeners={status.listeners} />
    </div>
    <div class="welcome__waiting" role="status">
      Waiting for the first span. This page turns into your flows when it comes.
    </div>
  </div>
);
