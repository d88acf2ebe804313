import { settings } from './settings.ts';

/** What a service gives back once it serves. */
export interface RunningService {
  /** Finishes what is under way and lets go of every connection. */
  stop(): Promise<void>;
}

/** Sent to the runner over the IPC channel once the service serves. */
export const READY = 'ready';
/** Sent by the runner when the scenario's fault begins. */
export const BEGIN_FAULT = 'begin-fault';

const LAST_RESORT_MS = 4_000;

/**
 * Runs a service until SIGTERM or SIGINT, or until the runner is gone: the closed IPC channel tells, even
 * when the runner was killed with -9. The process then ends by itself, so that whatever wants to flush
 * at the end still can.
 */
export const runService = async (start: () => Promise<RunningService>): Promise<void> => {
  let service: RunningService | undefined;
  let stopping = false;

  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), LAST_RESORT_MS).unref();
    await service?.stop();
    if (process.connected) process.disconnect();
  };
  const stopOrFail = (): void => {
    stop().catch((error: unknown) => {
      console.error('could not stop cleanly:', error);
      process.exit(1);
    });
  };
  process.on('SIGTERM', stopOrFail);
  process.on('SIGINT', stopOrFail);
  process.on('disconnect', stopOrFail);
  process.on('message', (message) => {
    if (message === BEGIN_FAULT) settings.beginFault();
  });

  service = await start();
  if (stopping) await service.stop();
  else process.send?.(READY);
};
