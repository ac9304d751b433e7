// Fails when the first load of the chat is larger than the budget: node budget.mjs, after the build.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const BUDGET = 115_000; // bytes, compressed with gzip
const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'));
const files = new Set(['index.html']);
const add = (key) => {
  const chunk = manifest[key];
  if (files.has(chunk.file)) return;
  files.add(chunk.file);
  for (const style of chunk.css ?? []) files.add(style);
  for (const other of chunk.imports ?? []) add(other);
};
add('index.html');
add('src/screens/chat.tsx');
const bytes = [...files].reduce((sum, file) => sum + gzipSync(readFileSync(`dist/${file}`), { level: 6 }).length, 0);
console.log(`first load of the chat: ${(bytes / 1000).toFixed(1)} kB gzip in ${files.size} files (budget ${BUDGET / 1000} kB)`);
if (bytes > BUDGET) process.exit(1);
