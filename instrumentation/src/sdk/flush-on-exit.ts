/** How long an ending process may be held up to send its last spans. Milliseconds. */
const PATIENCE_MS = 2_000;
/** Between a signal and the end that the application chose itself, spans go out this often. Milliseconds. */
const HURRY_MS = 50;

/** Conventional exit codes: 128 + the signal's number. */
const SIGNALS = { SIGTERM: 143, SIGINT: 130 } as const;
type Signal = keyof typeof SIGNALS;

interface CountingEmitter {
  readonly count?: number;
}

/**
 * The package `signal-exit` (in many CLIs) ends the process itself, but only when nobody else listens; we do,
 * so its listeners must not count as the application's decision to stay.
 */
const signalExitListeners = (): number => {
  const owner = process as unknown as Record<string | symbol, CountingEmitter | undefined>;
  const emitters = [owner.__signal_exit_emitter__, owner[Symbol.for('signal-exit emitter')]];
  return emitters.reduce((sum, emitter) => sum + (emitter?.count ?? 0), 0);
};

/** Resolves with `work`, or when the patience is over; keeps the process alive until then. */
const withPatience = (work: Promise<unknown>): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, PATIENCE_MS);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    work.then(done, done);
  });

/**
 * Sends what is left when the process ends by itself or by a signal. The application's own signal handlers stay
 * in charge; without any, the signal ends the process as it would have, after the flush.
 * Returns a function that takes all listeners away again.
 */
export const flushOnExit = (flush: () => Promise<unknown>): (() => void) => {
  let flushedAtEnd = false;
  const onBeforeExit = () => {
    // Sending wakes the loop, so this event comes again when it is done.
    if (flushedAtEnd) return;
    flushedAtEnd = true;
    void withPatience(flush());
  };

  const onSignal = (signal: Signal) => {
    const others = process.listenerCount(signal) - 1;
    if (others > signalExitListeners()) {
      void flush().catch(() => undefined);
      setInterval(() => void flush().catch(() => undefined), HURRY_MS).unref();
      return;
    }
    void withPatience(flush()).then(() => {
      stop();
      process.kill(process.pid, signal);
      // The kernel ignores unhandled signals to a container's first process.
      setTimeout(() => process.exit(SIGNALS[signal]), 100);
    });
  };

  const listeners = Object.keys(SIGNALS).map((name) => {
    const signal = name as Signal;
    const listener = () => onSignal(signal);
    process.on(signal, listener);
    return { signal, listener };
  });
  process.on('beforeExit', onBeforeExit);

  const stop = () => {
    for (const { signal, listener } of listeners) process.removeListener(signal, listener);
    process.removeListener('beforeExit', onBeforeExit);
  };
  return stop;
};
