import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Which folder may import from which others: the house of ARCHITECTURE.md as data.
 * Left to right is the way of the data; nothing points back.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'collector/src/model': [],
  'collector/src/net': [],
  'collector/src/contract': [],
  'collector/src/batch': ['model'],
  'collector/src/columns': [],
  'collector/src/otlp': ['model', 'batch'],
  'collector/src/query': ['model'],
  'collector/src/store': ['model', 'batch', 'columns'],
  'collector/src/flow': ['model'],
  'collector/src/analysis': ['model', 'flow'],
  'collector/src/engine': [
    'model',
    'batch',
    'contract',
    'batch',
    'otlp',
    'query',
    'store',
    'flow',
    'analysis',
  ],
  'collector/src/receive': ['net', 'otlp', 'store', 'engine'],
  'collector/src/brokers': ['model', 'analysis'],
  'collector/src/alerts': ['model', 'contract', 'flow', 'analysis'],
  'collector/src/api': [
    'net',
    'model',
    'contract',
    'store',
    'query',
    'analysis',
    'engine',
    'brokers',
    'alerts',
  ],
};

/** Only these compose: they may import every folder of the collector. */
const COMPOSERS = ['collector/src/main.ts', 'collector/src/config.ts', 'collector/src/cli'];

/** Which workspaces and folders may reach into which, beyond their own. */
const MAY_REACH: Readonly<Record<string, readonly string[]>> = {
  ui: ['collector/src/contract', 'collector/src/model'],
  instrumentation: [],
  demo: ['tools'],
  tools: [],
};

const isTest = (file: string): boolean => /\.test\.tsx?$|\/test(-support|ing)?\/|\/testing\.ts$/.test(file);

const sources = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => !file.includes('node_modules/') && !file.includes('/dist/') && !isTest(file));

/** Files of this repository that the file imports, relative to the root. */
const importsOf = (file: string): string[] =>
  [...readFileSync(join(ROOT, file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']*)'/g)].map((match) =>
    relative(ROOT, resolve(ROOT, dirname(file), match[1] as string))
      .split(sep)
      .join('/'),
  );

const collectorFolder = (file: string): string | undefined => /^(collector\/src\/[^/]+)\//.exec(file)?.[1];
const workspaceOf = (file: string): string => file.split('/', 1)[0] as string;
const isComposer = (file: string): boolean =>
  COMPOSERS.some((one) => file === one || file.startsWith(`${one}/`));

describe('the import graph', () => {
  const files = sources('collector/src');

  it('has a rule for every folder of the collector', () => {
    const folders = new Set(files.filter((file) => !isComposer(file)).map(collectorFolder));
    expect([...folders].sort()).toEqual(Object.keys(MAY_IMPORT).sort());
  });

  it('runs one way in the collector', () => {
    const wrong = files
      .filter((file) => !isComposer(file))
      .flatMap((file) => {
        const own = collectorFolder(file) as string;
        const allowed = [own, ...(MAY_IMPORT[own] ?? []).map((name) => `collector/src/${name}`)];
        return importsOf(file)
          .filter((target) => !allowed.some((folder) => target.startsWith(`${folder}/`)))
          .map((target) => `${file} imports ${target}`);
      });
    expect(wrong).toEqual([]);
  });

  it('is entered through the face of a folder', () => {
    const FACES = ['collector/src/net', 'collector/src/contract'];
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => {
          const folder = collectorFolder(target);
          if (!folder || folder === collectorFolder(file) || FACES.includes(folder)) return false;
          return (
            target !== `${folder}/index.ts` && target !== `${folder}/types.ts` && !folder.endsWith('/cli')
          );
        })
        .map((target) => `${file} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps the workspaces apart', () => {
    const wrong = Object.entries(MAY_REACH).flatMap(([workspace, reach]) =>
      sources(workspace).flatMap((file) =>
        importsOf(file)
          .filter(
            (target) => workspaceOf(target) !== workspace && !reach.some((one) => target.startsWith(one)),
          )
          .map((target) => `${file} imports ${target}`),
      ),
    );
    expect(wrong).toEqual([]);
  });
});
