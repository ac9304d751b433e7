// The copy on this device, as far as every load needs it: whether there is one, and how it goes. What reads and writes it is in copy.ts, loaded only where there is one.
import { offlineAsOf, onEnd, onMutation, onOffline, onViewer, Refusal, run, setOffline, setViewer, viewer } from './api';
import { onLook } from './changes';
import { ReachDocument, type TypedDocumentString } from './generated/graphql';

const KEPT = 'unilife:copy'; // the id of the user whose copy is here, after a "-" while it is being deleted
const SIGNS_OF_NETWORK = ['online', 'visibilitychange'] as const;
const RETRY_MS = 10_000;

export const databaseOf = (id: string): string => `unilife:${id}`;

/** The user whose copy is kept here. */
export const copyOwner = (): string | null => (localStorage.getItem(KEPT)?.startsWith('-') ? null : localStorage.getItem(KEPT));

type Copy = typeof import('./copy');
let copy: Copy | null = null;
const load = async (): Promise<Copy> => (copy ??= await import('./copy'));

/** Begin to keep a copy of the viewer's data here. */
export async function keepCopy(): Promise<void> {
  await removeCopy();
  const me = viewer();
  if (!me) return;
  localStorage.setItem(KEPT, me.id);
  (await load()).begin(me.id);
}

let removing: Promise<void> | null = null;

/** Delete the copy, its drafts and the app's own files from this device. What a closed page leaves undone is done when the app is opened again. */
export const removeCopy = (): Promise<void> => (removing ??= remove().finally(() => (removing = null)));

async function remove(): Promise<void> {
  const kept = localStorage.getItem(KEPT);
  if (!kept) return;
  const id = kept.replace(/^-/, '');
  localStorage.setItem(KEPT, `-${id}`);
  drafts.clear();
  copy?.close();
  await new Promise<void>((done, fail) => {
    const request = indexedDB.deleteDatabase(databaseOf(id));
    request.onsuccess = () => done();
    request.onerror = () => fail(request.error);
  });
  for (const registration of (await navigator.serviceWorker?.getRegistrations()) ?? []) await registration.unregister();
  if ('caches' in window) for (const name of await caches.keys()) if (name.startsWith('unilife-')) await caches.delete(name);
  localStorage.removeItem(KEPT);
}

/** Delete what is stored and begin anew, after an erasure that took much at once. */
export async function renewCopy(): Promise<void> {
  if (copyOwner()) await keepCopy();
}

/** Run a query; where the server cannot be reached, read what it asks for from the copy. Raises `Refusal` where that has no answer either. */
export async function read<R, V>(query: TypedDocumentString<R, V>, ...given: V extends Record<string, never> ? [] : [V]): Promise<{ data: R; isCopy: boolean }> {
  try {
    return { data: await run(query, ...given), isCopy: false };
  } catch (error) {
    const id = copyOwner();
    if (!(error instanceof Refusal && error.code === 'NETWORK') || !id || viewer()?.id !== id) throw error;
    const kept = await load();
    const at = await kept.moment(id).catch(() => null);
    if (!at) throw error;
    goOffline(at);
    const data = await kept.answer(id, query, given[0]);
    if (data === null) throw error;
    return { data: data as R, isCopy: true };
  }
}

let timer = 0;

function goOffline(at: string): void {
  setOffline(at);
  if (timer) return;
  const tryAgain = () => void run(ReachDocument).then(stop, (error) => { if (!(error instanceof Refusal && error.code === 'NETWORK')) stop(); });
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    for (const sign of SIGNS_OF_NETWORK) removeEventListener(sign, tryAgain, true);
  };
  timer = window.setInterval(tryAgain, RETRY_MS);
  for (const sign of SIGNS_OF_NETWORK) addEventListener(sign, tryAgain, true);
}

/** Open the copy when there is one, nobody is signed in and the server cannot be reached. */
export async function openCopy(): Promise<void> {
  if (localStorage.getItem(KEPT)?.startsWith('-')) await removeCopy().catch(() => undefined);
  const id = copyOwner();
  if (!id || viewer()) return;
  const kept = await load();
  const at = await kept.moment(id).catch(() => null); // deletes one that is too old
  try {
    await run(ReachDocument);
  } catch (error) {
    if (!(error instanceof Refusal && error.code === 'NETWORK') || !at) return;
    const me = await kept.owner(id);
    if (!me) return;
    goOffline(at);
    setViewer(me);
  }
}

const drafts = new Map<string, string>();

/** Keep what is written but not sent: in this page, and with the copy where there is one. */
export function keepDraft(conversation: string, text: string): void {
  drafts.set(conversation, text);
  const id = copyOwner();
  if (id) void load().then((kept) => kept.keepDraft(id, conversation, text)).catch(() => undefined);
}

export async function findDraft(conversation: string): Promise<string> {
  const id = copyOwner();
  return drafts.get(conversation) ?? (id ? await load().then((kept) => kept.findDraft(id, conversation)).catch(() => '') : '');
}

onEnd(() => { drafts.clear(); void removeCopy().catch(() => undefined); });
onMutation(() => copy?.pullSoon());
onLook((isChanged) => copy?.looked(isChanged));
onOffline(() => { if (!offlineAsOf()) copy?.pullSoon(); });
onViewer(() => {
  const me = viewer(), id = copyOwner();
  if (!me || !id || offlineAsOf()) return;
  if (id !== me.id) void removeCopy().catch(() => undefined);
  else void load().then((kept) => kept.begin(id));
});
addEventListener('storage', ({ key }) => { // another tab switched it on
  const id = copyOwner();
  if (key === KEPT && id && id === viewer()?.id && !offlineAsOf()) void load().then((kept) => kept.begin(id));
});
