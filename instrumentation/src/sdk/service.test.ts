import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { findService } from './service.ts';

let root: string;
const put = (folder: string, content: string) => {
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, folder, 'package.json'), content);
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tailrace-service-'));
});

it('takes the nearest package.json that has a name', () => {
  put('.', '{"name":"shop","version":"1.0.0"}');
  put('dist', '{"type":"module"}');
  put('dist/deep', '{ not json');
  expect(findService(join(root, 'dist/deep'))).toEqual({ name: 'shop', version: '1.0.0' });
});

it('does without a version, and ignores values of the wrong type', () => {
  put('.', '{"name":"shop","version":1}');
  expect(findService(root)).toEqual({ name: 'shop' });
});
