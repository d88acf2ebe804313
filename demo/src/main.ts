import { describeScenarios, greet } from './greeting.ts';
import { otlpUrl, parseCommandLine } from './options.ts';
import { type Demo, startDemo } from './run.ts';
import { SCENARIOS } from './scenarios/index.ts';

/** Ends the process with one line where the user, rather than the demo, can put it right. */
const fail = (error: unknown): never => {
  console.error(`demo: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
};

const options = parseCommandLine(process.argv.slice(2));

if (options.list) {
  console.log(describeScenarios(SCENARIOS));
  process.exit(0);
}

const stop = new AbortController();
/** Settles when the user, the clock or npm's end says that it is enough. */
const enough = new Promise<undefined>((resolve) => {
  stop.signal.addEventListener('abort', () => resolve(undefined));
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stop.signal.aborted) console.error('still stopping ...');
    stop.abort();
  });
}

/**
 * `npm run` puts a shell between itself and us, and that shell dies of a SIGTERM without passing it on.
 * A new parent is the only sign of it.
 */
if (process.env.npm_lifecycle_event) {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stop.abort();
  }, 500).unref();
}

const start = async (): Promise<Demo | undefined> => {
  const { ui, otlpHttp, otlpGrpc, db, rate } = options;
  const natsUrl = process.env.NATS_URL;
  try {
    return await startDemo({
      scenario: options.scenario,
      endpoints: { ui, otlpHttp, otlpGrpc },
      ...(options.collector ? {} : { existingCollector: otlpUrl(otlpHttp) }),
      ...(db ? { db } : {}),
      ...(natsUrl ? { natsUrl } : {}),
      ...(rate ? { rate } : {}),
      signal: stop.signal,
      say: (line) => console.error(`${line} ...`),
      onLine: (name, line) => {
        if (options.verbose) console.error(`${name.padEnd(14)} | ${line}`);
      },
    });
  } catch (error) {
    if (stop.signal.aborted) return undefined;
    throw error;
  }
};

const run = async (): Promise<number> => {
  const demo = await start();
  if (!demo) return 0;
  const { rate = demo.scenario.rate, duration } = options;
  console.log(greet(demo, { rate, durationSeconds: duration }));
  const timer = duration === undefined ? undefined : setTimeout(() => stop.abort(), duration * 1_000);
  const death = await Promise.race([enough, demo.died]);
  clearTimeout(timer);
  if (death) console.error(`demo: ${death.message}`);
  console.error('closing the shop ...');
  await demo.stop();
  const { sent, ok, failed } = demo.traffic;
  console.error(`${sent} requests sent, ${ok} answered well, ${failed} not.`);
  return death ? 1 : 0;
};

run().then((code) => process.exit(code), fail);
