import { createRequire, syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';

const tryToLoad = (from: string, name: string): void => {
  try {
    createRequire(from)(name);
  } catch {
    // Not every service has it.
  }
};

/**
 * ES modules bypass the hooks of `require`. Loading these once through `require` patches them before the
 * application's imports are linked: `http` for named imports, gRPC for imports of any kind. What is patched in
 * internal files (NATS) needs nothing.
 */
export const loadEarly = (script: string | undefined): void => {
  const here = join(process.cwd(), 'index.js');
  tryToLoad(here, 'http');
  tryToLoad(here, 'https');
  syncBuiltinESMExports();
  tryToLoad(here, '@grpc/grpc-js');
  if (script) tryToLoad(script, '@grpc/grpc-js');
};
