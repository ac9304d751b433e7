// The service worker: the app's own files, so that it opens without a connection. It is registered only where the user keeps a copy on the device, and never holds an answer
// of the API. The build puts FILES, the addresses of the app's files, and CACHE, a name that changes with them, before this text.
const API = /^\/(graphql|graphiql|health|export|mcp|development)(\/|$)/;
const PAGE = '/';

addEventListener('install', (event) => event.waitUntil(caches.open(CACHE).then((cache) => Promise.all([
  cache.addAll(FILES.map((file) => new Request(file, { cache: 'no-cache' }))),
  fetch(new Request(PAGE, { cache: 'reload', headers: { accept: 'text/html' } })).then((page) => {
    if (!page.ok || page.redirected) throw new Error(`the page was answered with ${page.status}`);
    return cache.put(PAGE, page);
  }),
]))));

// A new version waits until no tab shows the old one; the pages themselves come from the network first, so that they are new at the next load.
addEventListener('activate', (event) => event.waitUntil(caches.keys()
  .then((names) => Promise.all(names.filter((name) => name.startsWith('unilife-') && name !== CACHE).map((name) => caches.delete(name))))
  .then(() => clients.claim())));

const kept = async (address) => (await caches.open(CACHE)).match(address);

async function page(request) {
  try {
    const answer = await fetch(request);
    return answer.status >= 500 ? (await kept(PAGE)) ?? answer : answer;
  } catch (error) {
    const found = await kept(PAGE);
    if (!found) throw error;
    return found;
  }
}

addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin || API.test(url.pathname)) return;
  if (request.mode === 'navigate') event.respondWith(page(request));
  else if (FILES.includes(url.pathname)) event.respondWith(kept(url.pathname).then((found) => found ?? fetch(request)));
});
