import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { defineConfig } from 'vite';

// The API's origin, such as https://api.example.org, where it is not the page's own.
const api = process.env.UNILIFE_API ?? '';
if (api && new URL(api).origin !== api) throw new Error(`UNILIFE_API is an origin, such as https://api.example.org, and not ${api}`);

// The policy is in the page as well, for hosts that cannot send it as a header. It allows no inline script or style, so nothing is inlined.
const policy = `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'${api && ` ${api}`}; img-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; worker-src 'self'; trusted-types unilife-worker; require-trusted-types-for 'script'`;

export default defineConfig({
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false }, manifest: true },
  plugins: [{
    name: 'unilife-page',
    apply: 'build',
    transformIndexHtml: (html) => ({
      html: html.replace('<meta name="unilife-api" content="">', `<meta name="unilife-api" content="${api}">`),
      tags: [{ tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: policy }, injectTo: 'head-prepend' }],
    }),
  }, {
    name: 'unilife-worker',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const text = readFileSync('src/worker.js', 'utf8');
        const files = Object.keys(bundle).filter((name) => name.startsWith('assets/')).map((name) => `/${name}`).sort();
        const page = bundle['index.html'];
        const version = createHash('sha256').update(JSON.stringify([files, text, page?.type === 'asset' ? String(page.source) : ''])).digest('hex').slice(0, 16);
        this.emitFile({ type: 'asset', fileName: 'worker.js', source: `const FILES = ${JSON.stringify([...files, '/icon.svg'])};\nconst CACHE = 'unilife-${version}';\n${text}` });
      },
    },
  }],
});
