import { connection } from '../state/live.ts';
import './LostBanner.css';

/** Shows while the collector does not answer; it goes away by itself. */
export const LostBanner = () =>
  connection.value === 'lost' ? (
    <div class="lost" role="alert">
      <b>The collector does not answer.</b>
      <span>What you see may be old. Trying again every 2 s; check that tailrace still runs.</span>
    </div>
  ) : null;
