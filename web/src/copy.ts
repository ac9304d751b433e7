// The copy of the user's data in IndexedDB: pulled by `changes`, one database a user, and read in the shape of the screens' documents where the server cannot be reached.
import { Refusal, run, viewer } from './api';
import { copyOwner, databaseOf, removeCopy } from './device';
import {
  ChatDocument, CopySlotsDocument, DayDocument, FindDocument, PageDocument, ProfileDocument, PullCopyDocument,
  type BubbleFragment, type ChatQuery, type ChatQueryVariables, type CopySlotsQuery, type DayQuery, type FindQuery, type FindQueryVariables, type HeadingFragment, type MeFragment, type PageQuery, type PageQueryVariables, type ProfileQuery, type PullCopyQuery, type TypedDocumentString,
} from './generated/graphql';

type Node = NonNullable<PullCopyQuery['changes']>['nodes'][number];
type Of<Name extends Node['__typename']> = Extract<Node, { __typename: Name }>;
type Message = Of<'Message'> & { arrived: number }; // grows with each message that came for the first time: the feed lists those of one moment in their order
type Meta = { cursor: string; pulledAt: string; me: MeFragment; slots: NonNullable<CopySlotsQuery['profileSlots']> };

const EXPIRES_MS = 30 * 86_400_000; // the server's feed goes as far back; an older copy is deleted when it would be opened
const FOUND = 50;

let opened: { id: string; db: Promise<IDBDatabase> } | null = null;

/** Return the user's database. Raises `Refusal` where it is not to be kept any more. */
function open(id: string): Promise<IDBDatabase> {
  if (copyOwner() !== id) throw new Refusal('NOT_FOUND', 'there is no copy here');
  if (opened?.id === id) return opened.db;
  const db = new Promise<IDBDatabase>((done, fail) => {
    const request = indexedDB.open(databaseOf(id), 1);
    request.onupgradeneeded = () => {
      const objects = request.result.createObjectStore('objects', { keyPath: 'id' });
      objects.createIndex('type', '__typename');
      objects.createIndex('conversation', 'conversation.id');
      objects.createIndex('day', 'day');
      objects.createIndex('date', 'date');
      request.result.createObjectStore('meta');
      request.result.createObjectStore('drafts');
    };
    request.onerror = () => fail(request.error);
    request.onsuccess = () => {
      request.result.onversionchange = close; // another tab deletes it
      if (copyOwner() === id) done(request.result);
      else {
        request.result.close();
        fail(new Refusal('NOT_FOUND', 'there is no copy here'));
      }
    };
  });
  opened = { id, db };
  db.catch(() => (opened = null));
  return db;
}

let followed = ''; // whose copy this tab keeps

/** Let go of the database, so that it can be deleted. */
export function close(): void {
  followed = '';
  isCurrent = false;
  void opened?.db.then((db) => db.close(), () => undefined);
  opened = null;
}

const result = <T>(request: IDBRequest<T>): Promise<T> => new Promise((done, fail) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
});

async function all<T>(id: string, index: string, key: IDBValidKey | IDBKeyRange): Promise<T[]> {
  return result((await open(id)).transaction('objects').objectStore('objects').index(index).getAll(key)) as Promise<T[]>;
}
const listOf = <Name extends Node['__typename']>(id: string, type: Name): Promise<Of<Name>[]> => all(id, 'type', type);
const find = async <T>(id: string, key: string): Promise<T | undefined> => result((await open(id)).transaction('objects').objectStore('objects').get(key)) as Promise<T | undefined>;
const meta = async <Key extends keyof Meta>(id: string, key: Key): Promise<Meta[Key] | undefined> => result((await open(id)).transaction('meta').objectStore('meta').get(key));

/** Pull until there is nothing more. A page and its cursor are stored together, so that a page that is lost or comes twice does no harm. Raises `Refusal`. */
async function pull(id: string): Promise<void> {
  const db = await open(id); // once: a page that was asked for with the cursor of a deleted database must not reach the next one
  const slots = (await run(CopySlotsDocument)).profileSlots ?? [];
  for (let more = true; more; ) {
    const since: string | undefined = await result(db.transaction('meta').objectStore('meta').get('cursor'));
    const found = (await run(PullCopyDocument, { since: since ?? null })).changes;
    const me = viewer();
    if (!found || me?.id !== id) return;
    const known = db.transaction('objects').objectStore('objects'), now = Date.now() * 1000;
    const arrived = await Promise.all(found.nodes.map(async (node, index) => (node.__typename === 'Message' && !found.anew ? (await result<Message | undefined>(known.get(node.id)))?.arrived : null) ?? now + index));
    const all = db.transaction(['objects', 'meta'], 'readwrite');
    const objects = all.objectStore('objects'), kept = all.objectStore('meta');
    if (found.anew) objects.clear();
    for (const [index, node] of found.nodes.entries()) {
      if (node.__typename === 'Deleted' || (node.__typename === 'Message' && node.conversation.temporary) || (node.__typename === 'Conversation' && node.temporary)) objects.delete(node.id);
      else if (node.__typename !== 'User') objects.put(node.__typename === 'Message' ? { ...node, arrived: arrived[index] } : node);
    }
    kept.put(found.cursor, 'cursor');
    kept.put(me, 'me');
    kept.put(slots.filter((slot) => !slot.ownSlot), 'slots'); // the user's own are objects of the feed
    if (!found.hasMore) kept.put(new Date().toISOString(), 'pulledAt');
    await new Promise<void>((done, fail) => { all.oncomplete = () => done(); all.onerror = all.onabort = () => fail(all.error); });
    more = found.hasMore;
  }
}

let isWaiting = false; // a pull is to begin
let isCurrent = false; // the last pull ended well
const oneAtATime = (id: string, work: () => Promise<void>): Promise<void> => (navigator.locks ? navigator.locks.request(databaseOf(id), work) : work());

/** Pull now: something was changed, in this tab or elsewhere. The pulls of all tabs follow one another, so that none brings back what a later one has deleted. */
export function pullSoon(): void {
  const id = followed;
  if (!id || isWaiting) return;
  isWaiting = true;
  void oneAtATime(id, async () => {
    isWaiting = isCurrent = false;
    if (followed !== id) return;
    await pull(id);
    isCurrent = true;
  }).catch(() => undefined); // the next look pulls again
}

/** The page looked for changes: pull them, or note that the copy is still as the server has the data. */
export function looked(isChanged: boolean): void {
  if (isChanged || !isCurrent) pullSoon();
  else void open(followed).then((db) => result(db.transaction('meta', 'readwrite').objectStore('meta').put(new Date().toISOString(), 'pulledAt'))).catch(() => undefined);
}

/** Keep the copy until `close`. */
export function begin(id: string): void {
  if (followed === id) return;
  followed = id;
  void startWorker();
  pullSoon();
}

/** Let the app itself be opened without a connection. The page asks for the one address of a worker that its policy allows. */
async function startWorker(): Promise<void> {
  if (import.meta.env.DEV || !navigator.serviceWorker) return;
  const address = '/worker.js';
  const trusted = (window as { trustedTypes?: { createPolicy(name: string, rules: object): { createScriptURL(text: string): unknown } } }).trustedTypes;
  const url = trusted ? (policy ??= trusted.createPolicy('unilife-worker', { createScriptURL: (text: string) => { if (text !== address) throw new TypeError(text); return text; } })).createScriptURL(address) : address;
  await navigator.serviceWorker.register(url as string, { updateViaCache: 'none' }).catch(() => undefined); // the copy is of use without it, too
}
let policy: { createScriptURL(text: string): unknown } | undefined;

/** Return when the copy was as the server had it; null when there is none yet. One that is too old is deleted. */
export async function moment(id: string): Promise<string | null> {
  const at = await meta(id, 'pulledAt');
  if (!at) return null;
  if (Date.now() - Date.parse(at) < EXPIRES_MS) return at;
  await removeCopy();
  return null;
}

export const owner = (id: string): Promise<MeFragment | undefined> => meta(id, 'me');

export async function keepDraft(id: string, conversation: string, text: string): Promise<void> {
  const kept = (await open(id)).transaction('drafts', 'readwrite').objectStore('drafts');
  await (text ? result(kept.put(text, conversation)) : result(kept.delete(conversation)));
}

export const findDraft = async (id: string, conversation: string): Promise<string> => (await result((await open(id)).transaction('drafts').objectStore('drafts').get(conversation))) ?? '';

type Answers = [TypedDocumentString<any, any>, (id: string, variables: any) => Promise<unknown>][];
const ANSWERS: Answers = [[ChatDocument, chat], [PageDocument, page], [DayDocument, dayOf], [ProfileDocument, profile], [FindDocument, search]];

/** Return what the copy knows of a screen's document, in its shape; null for a document that it has no answer to. */
export async function answer(id: string, query: TypedDocumentString<any, any>, variables: unknown): Promise<unknown> {
  const found = ANSWERS.find(([document]) => document === query);
  return found ? found[1](id, variables) : null;
}

const byTime = (one: Message, other: Message) => (one.createdAt < other.createdAt ? -1 : one.createdAt > other.createdAt ? 1 : one.arrived - other.arrived);
const newestFirst = (one: { lastMessageAt?: string | null }, other: { lastMessageAt?: string | null }) => ((one.lastMessageAt ?? '') < (other.lastMessageAt ?? '') ? 1 : -1);

const toBubble = (message: Message): BubbleFragment => ({
  ...message, streamId: null, suggestedReplies: [], siblingIndex: 0, siblingCount: 1, sources: null, toolCalls: [], notice: null, replyTo: message.replyTo ?? null,
}) as unknown as BubbleFragment;

const pathOf = async (id: string, conversation: string): Promise<Message[]> => (await all<Message>(id, 'conversation', conversation)).filter((one) => one.onPath).sort(byTime);

type Paging = Omit<PageQueryVariables, 'id'>;

/** The page of a path that is asked for, oldest first; null when the copy has not got the message that it begins or ends at. */
function pageOf(path: Message[], { first, after, last, before }: Paging) {
  const placeOfCursor = (cursor: string) => path.findIndex((one) => one.cursor === cursor);
  let start = after ? placeOfCursor(after) + 1 : 0;
  let end = before ? placeOfCursor(before) : path.length;
  if ((after && !start) || end < 0) return null;
  if (first != null) end = Math.min(end, start + first);
  if (last != null) start = Math.max(start, end - last);
  return { nodes: path.slice(start, end).map(toBubble), pageInfo: { hasPreviousPage: start > 0, hasNextPage: end < path.length } };
}

/** The page with a message in its middle, or as far from it as the ends are near; of a message off the path the question with its answers; null when the copy has not got it. */
async function pageAround(id: string, conversation: string, messageId: string, first: number) {
  const messages = (await all<Message>(id, 'conversation', conversation)).sort(byTime);
  const path = messages.filter((one) => one.onPath);
  const place = path.findIndex((one) => one.id === messageId);
  if (place >= 0) {
    const start = Math.max(0, Math.min(place - Math.floor(first / 2), path.length - first));
    return { nodes: path.slice(start, start + first).map(toBubble), pageInfo: { hasPreviousPage: start > 0, hasNextPage: start + first < path.length } };
  }
  const found = messages.find((one) => one.id === messageId);
  if (!found) return null;
  const question = found.replyTo?.id ?? messageId;
  const nodes = messages.filter((one) => one.id === messageId || one.id === question || (found.role === 'USER' && one.replyTo?.id === question));
  return { nodes: nodes.map(toBubble), pageInfo: { hasPreviousPage: false, hasNextPage: false } };
}

async function chat(id: string, { id: conversation, isOpen, around, first, last }: ChatQueryVariables): Promise<ChatQuery | null> {
  const conversations = (await listOf(id, 'Conversation')).sort(newestFirst);
  const listed: HeadingFragment[] = conversations.filter((one) => !one.archived).sort((one, other) => Number(other.pinned) - Number(one.pinned)).slice(0, 200);
  const answer = { viewer: null, conversations: { nodes: listed, pageInfo: { hasNextPage: false, endCursor: null } }, conversationTags: [] };
  if (!isOpen) return answer as ChatQuery;
  const heading = conversations.find((one) => one.id === conversation);
  if (!heading) return { ...answer, conversation: null } as ChatQuery;
  const messages = around ? await pageAround(id, conversation, around, first!) : pageOf(await pathOf(id, conversation), { first, last });
  return messages && ({ ...answer, conversation: { ...heading, messages } } as ChatQuery);
}

async function page(id: string, { id: conversation, ...of }: PageQueryVariables): Promise<PageQuery | null> {
  const messages = pageOf(await pathOf(id, conversation), of);
  return messages && ({ conversation: { id: conversation, messages } } as PageQuery);
}

/** The message as the place of a quote, with its conversation's title; null when the copy has not got it. */
async function placeOf(id: string, messageId: string) {
  const message = await find<Message>(id, messageId);
  if (!message) return null;
  const conversation = await find<Of<'Conversation'>>(id, message.conversation.id);
  return { id: message.id, content: message.content, createdAt: message.createdAt, conversation: { id: message.conversation.id, title: conversation?.title ?? null } };
}

/** The day of the user that it is now. */
function todayOf(me: MeFragment): string {
  return new Intl.DateTimeFormat('sv', { timeZone: me.timeZone, dateStyle: 'short' }).format(Date.now() - me.dayEndsAt * 3_600_000);
}

async function dayOf(id: string, { date, year, month }: { date: string; year: number; month: number }): Promise<DayQuery> {
  const me = (await owner(id))!;
  const messages = await all<Message>(id, 'day', date);
  const questions = messages.filter((one) => one.role === 'USER');
  const conversations = await Promise.all([...new Set(messages.map((one) => one.conversation.id))].map((one) => find<Of<'Conversation'>>(id, one)));
  const [diary] = await all<Of<'Diary'>>(id, 'date', date);
  const shown = `${year}-${String(month).padStart(2, '0')}`;
  const ofMonth = await all<Of<'Diary'>>(id, 'date', IDBKeyRange.bound(`${shown}-01`, `${shown}-31`));
  const earlier = (await listOf(id, 'Diary')).filter((one) => one.date.slice(5) === date.slice(5) && one.date < date).sort((one, other) => (one.date < other.date ? 1 : -1));
  const lines = await Promise.all((diary?.lines ?? []).map(async (line) => ({
    ...line, evidence: await Promise.all(line.evidence.map(async (words) => ({ ...words, message: words.message ? await placeOf(id, words.message.id) : null }))),
  })));
  const today = todayOf(me);
  // Why a day that is over has no diary, only the server knows: then nothing is said.
  const state = date > today ? 'AHEAD' : date === today ? 'RUNNING' : 'WRITTEN';
  return {
    viewer: { id, today, timeZone: me.timeZone },
    day: { date, state, messageCount: questions.length, diary: diary ? { ...diary, messageCount: questions.length, lines, versions: [] } : null, conversations: conversations.filter((one) => one !== undefined) },
    diaryCalendar: { year, month, days: ofMonth.map((one) => ({ date: one.date, mood: one.mood ?? null, origin: one.origin, messageCount: 0 })) },
    diaryStats: null,
    diariesOnThisDay: earlier,
  } as unknown as DayQuery;
}

const STATUSES = ['ACTIVE', 'DISPUTED', 'SUGGESTED', 'SUPERSEDED'];

async function profile(id: string): Promise<ProfileQuery> {
  const own = await listOf(id, 'OwnSlot');
  const slots = [...((await meta(id, 'slots')) ?? []), ...own.map((slot) => ({ slot: 'OWN', section: 'OWN', label: slot.name, many: slot.many, ownSlot: { id: slot.id } }))] as NonNullable<CopySlotsQuery['profileSlots']>;
  const placeIn = (value: Of<'ProfileValue'>) => slots.findIndex((slot) => (value.ownSlot ? slot.ownSlot?.id === value.ownSlot.id : slot.slot === value.slot));
  const values = (await listOf(id, 'ProfileValue')).filter((value) => STATUSES.includes(value.state)).sort((one, other) =>
    placeIn(one) - placeIn(other) || STATUSES.indexOf(one.state) - STATUSES.indexOf(other.state) || Number(other.locked) - Number(one.locked) || other.confidence - one.confidence);
  const sections = [...new Set(slots.map((slot) => slot.section))];
  return {
    viewer: null,
    profile: { id, asOf: (await meta(id, 'pulledAt'))!.slice(0, 10), sections: sections.map((name) => ({ name, values: values.filter((value) => slots[placeIn(value)]?.section === name).map((value) => ({ ...value, status: value.state })) })) },
    profileSlots: own.length ? slots.map((slot) => (slot.ownSlot ? { ...slot, slot: values.find((value) => value.ownSlot?.id === slot.ownSlot!.id)?.slot ?? slot.slot } : slot)) : slots,
  } as unknown as ProfileQuery;
}

const fold = (text: string): string => text.normalize('NFKC').toLowerCase();

/** The places of the words in a text, in code points; none where folding it moves its characters. */
function matchesOf(text: string, wanted: string[]): { start: number; end: number }[] {
  const folded = fold(text);
  if (folded.length !== text.length) return [];
  const marked = new Array<boolean>(folded.length).fill(false);
  for (const word of wanted) for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + 1)) marked.fill(true, at, at + word.length);
  const found: { start: number; end: number }[] = [];
  let [units, points] = [0, 0];
  for (const character of text) {
    if (marked[units]) {
      if (found.at(-1)?.end === points) found.at(-1)!.end++;
      else found.push({ start: points, end: points + 1 });
    }
    units += character.length;
    points++;
  }
  return found;
}

/** Messages and diaries that contain every word as typed: no days named in words, no other spellings. */
async function search(id: string, { words, from, to }: FindQueryVariables): Promise<FindQuery> {
  const wanted = fold(words).split(/\s+/).filter(Boolean);
  const isWithin = (date: string) => (!from || date >= from) && (!to || date <= to);
  const matches = (text: string) => matchesOf(text, wanted);
  const has = (text: string) => { const folded = fold(text); return wanted.every((word) => folded.includes(word)); };
  const messages = (await all<Message>(id, 'type', 'Message')).filter((one) => isWithin(one.day) && has(one.content)).sort(byTime).reverse();
  const diaries = (await listOf(id, 'Diary')).filter((one) => isWithin(one.date) && has([one.summary ?? '', ...one.lines.filter((line) => !line.hidden).map((line) => line.text)].join('\n')));
  return {
    messageSearch: { totalCount: messages.length, nodes: await Promise.all(messages.slice(0, FOUND).map(async (one) => ({ ...(await placeOf(id, one.id))!, role: one.role, matches: matches(one.content) }))), pageInfo: { hasNextPage: false, endCursor: null } },
    diaries: {
      nodes: diaries.sort((one, other) => (one.date < other.date ? 1 : -1)).slice(0, FOUND).map((one) => ({
        ...one, summaryMatches: matches(one.summary ?? ''), lines: one.lines.filter((line) => !line.hidden).map((line) => ({ ...line, matches: matches(line.text) })),
      })),
    },
  } as unknown as FindQuery;
}
