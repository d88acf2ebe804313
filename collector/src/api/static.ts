import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { OpenAPIHono } from '@hono/zod-openapi';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.map': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
};

interface Asset {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Serves the built explorer from a list made at start: a request can only name what is on it, never a path.
 * Every other path is the explorer's own routing and gets its page.
 */
export const serveUi = (app: OpenAPIHono, folder: string): void => {
  const assets = readAssets(folder);
  const page = assets.get('/index.html');
  app.get('*', (c) => {
    const asset = assets.get(c.req.path) ?? page;
    if (!asset) return c.text('The explorer is not built: run "npm run build:ui"', 503);
    return c.body(asset.body, 200, { ...asset.headers });
  });
};

const readAssets = (folder: string): Map<string, Asset> => {
  const assets = new Map<string, Asset>();
  if (!existsSync(folder)) return assets;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(folder, file).split(sep).join('/')}`;
    assets.set(path, {
      body: new Uint8Array(readFileSync(file)),
      headers: {
        'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
        // Vite puts a hash of the content into the names under assets/.
        'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      },
    });
  }
  return assets;
};
