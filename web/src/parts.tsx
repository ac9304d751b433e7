// Parts that several screens share: links, requests, notices, evidence.
import type { ComponentChildren, JSX } from 'preact';
import { useCallback, useEffect, useId, useRef, useState } from 'preact/hooks';
import { offlineAsOf, onOffline, run, settle, viewer } from './api';
import { onReload } from './changes';
import { read } from './device';
import { UpdateMemoryDocument, type MemoryLearnFrom, type PlaceFragment, type TypedDocumentString } from './generated/graphql';
import { day, moment, texts } from './texts';
import { cite, explain } from './words';

let count = 0;
let isSamePlace = false;
addEventListener('popstate', (event) => {
  count++;
  if (event.isTrusted) isSamePlace = false; // the browser's own buttons
});

/** Whether the address was only made to name what is open in the place where the user is. */
export const staysInPlace = (): boolean => isSamePlace;

/** How often an address was opened: a screen without an id of its own begins anew by it. */
export const navigations = (): number => count;

/** Go to an address of this app. */
export function go(address: string, replace = false): void {
  isSamePlace = replace;
  history[replace ? 'replaceState' : 'pushState'](null, '', address);
  dispatchEvent(new PopStateEvent('popstate'));
}

export function Link({ to, children, ...rest }: { to: string; children: ComponentChildren } & Omit<JSX.HTMLAttributes<HTMLAnchorElement>, 'to'>) {
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    go(to);
  };
  return <a href={to} onClick={follow} {...rest}>{children}</a>;
}

/** `isCopy` says that the data are those of the copy on this device, because the server cannot be reached. */
export type Loaded<R> = { data: R | null; isCopy: boolean; error: unknown; busy: boolean; reload: () => Promise<void>; change: (data: R) => void };

/** Run the screen's document, again whenever its variables or the user's data change. The data of other variables are never shown. */
export function useQuery<R, V>(query: TypedDocumentString<R, V>, ...given: V extends Record<string, never> ? [] : [V]): Loaded<R> {
  const key = JSON.stringify(given);
  const [state, setState] = useState<{ key: string; data: R | null; isCopy: boolean; error: unknown }>({ key, data: null, isCopy: false, error: null });
  const latest = useRef(0);
  const current = useRef(key);
  current.current = key;
  const reload = useCallback(async () => {
    if (current.current !== key) return; // called by what was shown before
    const number = ++latest.current;
    try {
      const { data, isCopy } = await read(query, ...given);
      if (number === latest.current) setState({ key, data, isCopy, error: null });
    } catch (error) {
      if (number === latest.current) setState((before) => ({ ...(before.key === key ? before : { key, data: null, isCopy: false }), error }));
    }
  }, [query, key]);
  useEffect(() => {
    void reload();
    const stop = onOffline(() => { if (offlineAsOf() === null) void reload(); });
    return () => { latest.current++; stop(); };
  }, [reload]);
  useEffect(() => onReload(() => void reload()), [reload]);
  const isCurrent = state.key === key;
  return {
    data: isCurrent ? state.data : null,
    isCopy: isCurrent && state.isCopy,
    error: isCurrent ? state.error : null,
    busy: !isCurrent || (state.data === null && state.error === null),
    reload,
    change: (data) => setState({ key, data, isCopy: false, error: null }),
  };
}

/** Once the page is drawn again: give the keyboard its place back when what it was on has been disabled or is gone. */
export function keepFocus(on: Element | null, otherwise: () => HTMLElement | null = () => document.getElementById('main')): void {
  if (!(on instanceof HTMLElement) || on === document.body) return;
  requestAnimationFrame(() => { if (document.activeElement === document.body) (on.isConnected ? on : otherwise())?.focus(); });
}

/** Put the keyboard into what has just appeared; given as its `ref`. */
export const focus = (element: HTMLElement | null): void => element?.focus();

/** Close what has the keyboard by Escape, and nothing around it. */
export const onEscape = (close: () => void) => (event: KeyboardEvent): void => {
  if (event.key !== 'Escape' || event.isComposing) return;
  event.stopPropagation();
  close();
};

/** Run an action once at a time; its refusal and its success message are shown by `Notice`. */
export function useAction(): { busy: boolean; error: string; done: string; act: (what: () => Promise<string | void>) => Promise<boolean> } {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const [done, setDone] = useState('');
  const act = async (what: () => Promise<string | void>) => {
    const on = document.activeElement;
    setBusy(true);
    setError('');
    setDone('');
    try {
      setDone((await what()) ?? '');
      return true;
    } catch (refusal) {
      setError(explain(refusal));
      return false;
    } finally {
      setBusy(false);
      keepFocus(on);
    }
  };
  return { busy, error, done, act };
}

export const Notice = ({ error, done }: { error?: string; done?: string }) => (
  <>
    <p class="notice error" role="alert">{error}</p>
    <p class="notice" role="status">{done}</p>
  </>
);

/** What stands in the place of a screen whose data are not there. */
export const Waiting = ({ of }: { of: { error: unknown } }) =>
  of.error ? <p class="empty" role="alert">{offlineAsOf() ? texts().notInCopy : explain(of.error)}</p> : <p class="empty quiet" role="status">{texts().loading}</p>;

type Words = { quote: string; start: number; citedStart: number; citedEnd: number; message?: PlaceFragment | null; date?: string; source?: string };

export const toMessage = (place: PlaceFragment): string => `/chat/${encodeURIComponent(place.conversation.id)}?at=${encodeURIComponent(place.id)}`;

/** The words of the person on which something stands, with the way to their message. Only these are marked: a sentence of an imported memory text is another assistant's. */
export const Quotes = ({ of }: { of: readonly Words[] }) => (
  <ul class="quotes">
    {of.map((words) => {
      const [before, cited, after] = cite(words);
      return (
        <li>
          <q>{before}{words.source === 'IMPORT' ? cited : <mark>{cited}</mark>}{after}</q>{' '}
          {words.message
            ? <Link to={toMessage(words.message)} class="aside">{moment(words.message.createdAt, viewer()?.timeZone)} · {texts().toMessage}</Link>
            : words.date && <span class="aside">{day(words.date, { dateStyle: 'medium' })}{words.source === 'IMPORT' && ` · ${texts().fromMemories}`}</span>}
        </li>
      );
    })}
  </ul>
);

/** Text that shows the words it stands on: at hover and focus, and until the next click when pressed. */
export function Traced({ text, evidence }: { text: string; evidence: readonly Words[] }) {
  const [pinned, setPinned] = useState(false);
  const [near, setNear] = useState(false);
  const id = useId();
  const isOpen = pinned || near;
  const leave = (event: FocusEvent | MouseEvent) => {
    if (!(event.currentTarget as HTMLElement).contains(event.relatedTarget as Node | null)) setNear(false);
  };
  if (!evidence.length) return <span class="words">{text}</span>;
  return (
    <div class="traced" onMouseEnter={() => setNear(true)} onMouseLeave={leave} onFocusOut={leave}
      onKeyDown={isOpen ? onEscape(() => { setPinned(false); setNear(false); }) : undefined}>
      <button type="button" class="line words" aria-expanded={isOpen} aria-controls={id} onFocus={() => setNear(true)} onClick={() => setPinned(!pinned)}>{text}</button>
      <div id={id} class="evidence" hidden={!isOpen}><span class="label">{texts().quote}</span><Quotes of={evidence} /></div>
    </div>
  );
}

/** A button that asks before it deletes; `preview` says what would go, `more` shows it, `name` tells several buttons apart. */
export function DeleteButton({ label, name, act, busy, preview, more }: { label: string; name?: string; act: () => void; busy?: boolean; preview?: () => Promise<string>; more?: ComponentChildren }) {
  const [asked, setAsked] = useState(false);
  const [note, setNote] = useState('');
  const group = useRef<HTMLSpanElement>(null);
  const t = texts();
  const opener = useRef<HTMLButtonElement>(null);
  const wasAsked = useRef(false);
  useEffect(() => {
    if (asked) group.current?.querySelector<HTMLButtonElement>('.plain')?.focus();
    else if (wasAsked.current && document.activeElement === document.body) opener.current?.focus();
    wasAsked.current = asked;
  }, [asked]);
  const begin = () => {
    setAsked(true);
    setNote('');
    void preview?.().then(setNote, (refusal) => setNote(explain(refusal)));
  };
  if (!asked) return <button type="button" class="plain" ref={opener} disabled={busy} aria-label={name && `${label}: ${name}`} onClick={begin}>{label}</button>;
  return (
    <span class="confirm" role="group" aria-label={t.really} ref={group} data-held onKeyDown={onEscape(() => setAsked(false))}>
      {preview && <span role="status">{note}{t.space}</span>}{t.really} <button type="button" class="danger" disabled={busy} onClick={() => { setAsked(false); act(); }}>{t.yes}</button>{' '}
      <button type="button" class="plain" onClick={() => setAsked(false)}>{t.no}</button>
      {more}
    </span>
  );
}

const ICONS = {
  pin: 'M9 3h6l-1 6 4 4H6l4-4zM12 13v8',
  up: 'M4 11h3v9H4zM7 11l4-8c1.6 0 2.5 1 2.5 2.5V9H19a2 2 0 0 1 2 2.3l-1.2 7a2 2 0 0 1-2 1.7H7',
  down: 'M20 13h-3V4h3zM17 13l-4 8c-1.6 0-2.5-1-2.5-2.5V15H5a2 2 0 0 1-2-2.3l1.2-7a2 2 0 0 1 2-1.7H17',
};

/** A picture beside words, or in a button that has a label. */
export const Icon = ({ name }: { name: keyof typeof ICONS }) => <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d={ICONS[name]} /></svg>;

export type Gap = { messages: number; days: number; from: string; to: string } | null | undefined;

/** What a switch of the memory asks that is on again: whether to learn from what was written meanwhile. */
export function GapQuestion({ gap, answer }: { gap: Gap; answer: (learnFrom: MemoryLearnFrom) => Promise<void> }) {
  const t = texts();
  const { act, busy, error, done } = useAction();
  const date = (at: string) => moment(at, viewer()?.timeZone, { dateStyle: 'medium' });
  const say = (learnFrom: MemoryLearnFrom) => void act(async () => { await answer(learnFrom); return learnFrom === 'GAP' ? t.gapLearned : t.gapLeft; });
  return (
    <>
      {gap && <div class="ask" role="group" aria-label={t.memory}>
        <p>{t.gap(gap.messages, gap.days)} <span class="aside">{[...new Set([date(gap.from), date(gap.to)])].join(' – ')}</span></p>
        <p class="row"><button type="button" disabled={busy} onClick={() => say('GAP')}>{t.learn}</button> <button type="button" disabled={busy} onClick={() => say('NOW')}>{t.leave}</button></p>
      </div>}
      <Notice error={error} done={done} />
    </>
  );
}

/** The same question about the account's own switches. */
export const AccountGap = ({ gap, reload }: { gap: Gap; reload: () => Promise<void> }) => (
  <GapQuestion gap={gap} answer={async (learnFrom) => { settle((await run(UpdateMemoryDocument, { input: { learnFrom } })).memoryUpdate); await reload(); }} />
);

/** Today in the machine's zone, as a first guess; the page goes on with the person's own days. */
export const here = (): string => new Date().toLocaleDateString('sv');

/** The tags in a field, between commas. */
export const tagsOf = (text: string): string[] => text.split(/[,，、\n]/).map((one) => one.trim().replace(/^#/, '')).filter(Boolean);

type InSlot = { slot: string; ownSlot?: { id: string } | null };
export const slotOf = <S extends InSlot>(slots: readonly S[] | null | undefined, one: InSlot) => slots?.find((slot) => slot.slot === one.slot && slot.ownSlot?.id === one.ownSlot?.id);
export const labelOf = (slots: readonly (InSlot & { label: string })[] | null | undefined, one: InSlot) => slotOf(slots, one)?.label ?? one.slot;
