import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { VERSION } from './version.ts';

it('is the one of package.json', () => {
  const json: unknown = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8'));
  expect(json).toMatchObject({ version: VERSION });
});
