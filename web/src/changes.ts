// Changes that another tab, another device or a night made: the API is asked once a minute while the page is visible, and whenever it becomes so.
import { onViewer, run, setViewer, viewer } from './api';
import { ChangedDocument } from './generated/graphql';

const EVERY_MS = 60_000;
const screens = new Set<() => void>();
const watchers = new Set<(isChanged: boolean) => void>();
const edited = new Set<HTMLFormElement>();
let userId: string | null = null;
let seen: string | null | undefined; // `changedAt` as it was at the last look; at first that of the sign-in, which is older than every screen
let isBehind = false; // the open screen shows less than the last look told

/** Call `listener` when the open screen is to load again: something changed, and no text that is not saved yet could be lost by showing it. */
export function onReload(listener: () => void): () => void {
  screens.add(listener);
  return () => screens.delete(listener);
}

/** Call `listener` after each look, at once, with whether something changed since the look before. */
export const onLook = (listener: (isChanged: boolean) => void): void => void watchers.add(listener);

/** Return whether an editor is open, an answer is being written, or a form has input that was not sent. The chat's own field is in no screen's data, so it does not count. */
function isHeld(): boolean {
  for (const form of edited) if (!form.isConnected) edited.delete(form);
  return edited.size > 0 || document.querySelector('main [data-held]') !== null;
}

/** Begin anew with another user. */
function begin(): void {
  const me = viewer();
  if ((me?.id ?? null) === userId) return;
  userId = me?.id ?? null;
  seen = me?.changedAt;
  isBehind = false;
}

async function look(): Promise<void> {
  if (!viewer() || document.hidden) return;
  const found = (await run(ChangedDocument).catch(() => null))?.viewer;
  if (!found || found.id !== viewer()?.id) return;
  const isChanged = seen !== found.changedAt;
  isBehind ||= isChanged;
  seen = found.changedAt;
  for (const listener of watchers) listener(isChanged);
  if (!isBehind || isHeld()) return;
  isBehind = false;
  setViewer(found); // another tab may have changed the language
  for (const listener of screens) listener();
}

/** Begin to look for changes. */
export function watch(): void {
  const mark = (event: Event) => {
    const form = (event.target as HTMLElement).closest<HTMLFormElement>('main form:not(.field, [role=search])');
    if (form) edited[event.type === 'input' || event.type === 'change' ? 'add' : 'delete'](form);
  };
  for (const type of ['input', 'change', 'submit', 'reset']) addEventListener(type, mark, true);
  addEventListener('visibilitychange', () => void look());
  setInterval(() => void look(), EVERY_MS);
  onViewer(begin);
  begin();
}
