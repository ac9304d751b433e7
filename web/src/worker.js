// The service worker: the app's own files, so that it opens without a connection. It is registered only where the user keeps a copy on the device, and never holds an answer
// of the API. The build puts FILES, the addresses of the app's files, and CACHE, a name that changes with them, before this text.
const API = /^\/(graphql|graphiql|health|export|mcp|development)(\/|$)/;
const PAGE = '/';

/** Return a file of this build. Throws while the host has another one, such as during an upload; a host answers with the page where it has no file. */
async function load(address) {
  const answer = await fetch(new Request(address, { cache: 'no-cache', headers: address === PAGE ? { accept: 'text/html' } : {} }));
  const isPage = answer.headers.get('content-type')?.startsWith('text/html') ?? false;
  if (!answer.ok || answer.redirected || isPage !== (address === PAGE)) throw new Error(`${address} was answered with ${answer.status}`);
  if (isPage && ((await answer.clone().text()).match(/\/assets\/[^"']+/g) ?? []).some((file) => !FILES.includes(file))) throw new Error('the page is that of another build');
  return answer;
}

addEventListener('install', (event) => event.waitUntil(caches.open(CACHE)
  .then((cache) => Promise.all([PAGE, ...FILES].map((address) => load(address).then((answer) => cache.put(address, answer)))))
  .then(() => skipWaiting(), (error) => caches.delete(CACHE).then(() => { throw error; })))); // the next load of the page tries again

// The files of the build before this one stay: an open page may still load some. Pages themselves come from the network first, so that they are new at the next load.
addEventListener('activate', (event) => event.waitUntil(caches.keys()
  .then((names) => Promise.all(names.filter((name) => name.startsWith('unilife-') && name !== CACHE).slice(0, -1).map((name) => caches.delete(name))))
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
  else if (url.pathname.startsWith('/assets/')) event.respondWith(caches.match(url.pathname).then((found) => found ?? fetch(request)));
});
