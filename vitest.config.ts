import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], extra: object = {}) => ({
  test: { name, include, exclude: ['**/node_modules/**', '**/dist/**'], ...extra },
});

/** `*.test.ts` is quick and runs anywhere; `*.integration.test.ts` starts real servers and processes. */
const quick = (folder: string) =>
  project(folder, [`${folder}/**/*.test.{ts,tsx}`], {
    exclude: ['**/node_modules/**', '**/dist/**', '**/*.integration.test.ts'],
  });

export default defineConfig({
  test: {
    projects: [
      project('imports', ['tools/imports.test.ts']),
      quick('collector'),
      quick('instrumentation'),
      quick('ui'),
      quick('demo'),
      project(
        'integration',
        [
          'collector/**/*.integration.test.ts',
          'instrumentation/**/*.integration.test.ts',
          'demo/**/*.integration.test.ts',
        ],
        { testTimeout: 60_000, hookTimeout: 120_000, fileParallelism: false },
      ),
      project('e2e', ['e2e/**/*.test.ts'], {
        testTimeout: 180_000,
        hookTimeout: 300_000,
        fileParallelism: false,
      }),
    ],
  },
});
