/**
 * One line to trace a service, whether it is CommonJS or ESM, without changing it:
 *
 *     node --import @tailrace/instrumentation/register app.js
 */
import { startTailrace } from './sdk/start.ts';

startTailrace();
