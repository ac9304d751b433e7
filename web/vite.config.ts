import { defineConfig } from 'vite';

// The page's policy allows no inline script or style, so nothing is inlined.
export default defineConfig({
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false }, manifest: true },
});
