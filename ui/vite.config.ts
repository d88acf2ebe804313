import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

/** Where `npm run dev` finds the API: a collector started with its defaults, unless told otherwise. */
const collector = process.env.TAILRACE_COLLECTOR ?? 'http://127.0.0.1:4319';

export default defineConfig({
  base: '/',
  plugins: [preact()],
  build: {
    outDir: 'dist',
    // light-dark() in tokens.css needs these; older targets would have it rewritten into hidden variables.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // The server's CSP is `default-src 'self'`: nothing may be inlined as a data: URL.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': collector } },
});
