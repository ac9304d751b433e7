// The client: requests, streams, and the session with its refresh. One function per transport, typed by the generated documents.
import { RefreshDocument, SignOutDocument, type MeFragment, type TokensFragment, type TypedDocumentString } from './generated/graphql';

const BASE = document.querySelector<HTMLMetaElement>('meta[name=unilife-api]')?.content ?? '';
const URL_OF_API = `${BASE}/graphql`;
/** Where other assistants of the user send their requests. */
export const ADDRESS_OF_ASSISTANTS = `${BASE || location.origin}/mcp`;
const BY_ID = document.querySelector<HTMLMetaElement>('meta[name=unilife-documents]')?.content === 'trusted';
const KEPT = 'unilife:session';
const MARGIN_MS = 60_000; // refresh this long before the access token expires

export type Fault = { field: string; rule: string; min?: number | null; max?: number | null; suggestion?: string | null };

/** What the API refused, or NETWORK when no answer came. The page puts it into the reader's words by `code`, `reason` and `faults`. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly more: { field?: string | null; retryAfter?: number | null; reason?: string | null; faults?: readonly Fault[] } = {},
  ) {
    super(message);
  }
}

type Tokens = { access: string; expires: number; refresh: string };
let tokens: Tokens | null = null;
let me: MeFragment | null = null;
const subscribable = () => {
  const listeners = new Set<() => void>();
  const on = (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return [on, () => { for (const listener of [...listeners]) listener(); }] as const;
};

export const viewer = (): MeFragment | null => me;
export const [onViewer, tellViewer] = subscribable();
/** Called when a session is over: signed out, ended by the server, or its account deleted. */
export const [onEnd, tellEnd] = subscribable();
/** Called when a mutation was answered. */
export const [onMutation, tellMutation] = subscribable();

let offline: string | null = null;
/** The moment of the copy that is shown because the server cannot be reached; null when it can. */
export const offlineAsOf = (): string | null => offline;
export const [onOffline, tellOffline] = subscribable();

export function setOffline(asOf: string | null): void {
  if (offline === asOf) return;
  offline = asOf;
  tellOffline();
}

export function setViewer(user: MeFragment | null): void {
  me = user;
  tellViewer();
}

/** The receipt of an account that was deleted in this page, with what it held. */
export type Farewell = { email: string; id: string; at: string; conversations: number; diaries: number };
let left: Farewell | null = null;
export const farewell = (): Farewell | null => left;
export const setFarewell = (receipt: Farewell): void => void (left = receipt);

/** Take the tokens of a new session. With `keep` a reload of this tab stays signed in; otherwise the tokens live in memory alone. */
export function begin(session: TokensFragment, keep: boolean): void {
  left = null;
  take(session);
  if (keep) sessionStorage.setItem(KEPT, session.refreshToken);
  setViewer(session.user);
}

function take(session: TokensFragment): void {
  tokens = { access: session.accessToken, expires: Date.parse(session.accessTokenExpiresAt), refresh: session.refreshToken };
  if (sessionStorage.getItem(KEPT) !== null) sessionStorage.setItem(KEPT, session.refreshToken);
}

/** Forget the tokens and the viewer. */
export function end(): void {
  tokens = null;
  sessionStorage.removeItem(KEPT);
  tellEnd();
  setViewer(null);
}

export async function signOut(): Promise<void> {
  const refreshToken = tokens?.refresh;
  if (refreshToken) await run(SignOutDocument, { input: { refreshToken } }).catch(() => undefined);
  end();
}

/** Continue the kept session of this tab, if there is one. */
export async function resume(): Promise<void> {
  const kept = sessionStorage.getItem(KEPT);
  if (!kept) return;
  tokens = { access: '', expires: 0, refresh: kept };
  await fresh().catch(() => undefined);
}

let refreshing: Promise<void> | null = null;

async function fresh(): Promise<string | null> {
  if (!tokens) return null;
  if (tokens.expires - MARGIN_MS < Date.now()) {
    refreshing ??= refresh(tokens.refresh).finally(() => (refreshing = null));
    await refreshing;
  }
  return tokens?.access ?? null;
}

async function refresh(refreshToken: string): Promise<void> {
  const { sessionRefresh } = await post(RefreshDocument, { input: { refreshToken } }, null);
  if (sessionRefresh?.__typename === 'SessionRefreshSuccess') {
    take(sessionRefresh);
    setViewer(sessionRefresh.user);
  } else {
    end();
    throw new Refusal('SESSION_EXPIRED', 'the session has ended');
  }
}

type Variables<V> = V extends Record<string, never> ? [] : [V];

/** Run a query or mutation. Raises `Refusal` for top-level errors and when no answer comes. */
export async function run<R, V>(query: TypedDocumentString<R, V>, ...given: Variables<V>): Promise<R> {
  const data = await post(query, given[0] as V, await fresh());
  if (String(query).trimStart().startsWith('mutation')) tellMutation();
  return data;
}

async function post<R, V>(query: TypedDocumentString<R, V>, variables: V | undefined, token: string | null): Promise<R> {
  const response = await send(query, variables, token, 'application/graphql-response+json, application/json;q=0.9');
  const body = await response.json().catch(() => ({}));
  if (body.errors || body.data) setOffline(null);
  if (body.errors?.length) refuse(body.errors[0]);
  if (!body.data) throw new Refusal('NETWORK', `the server answered with status ${response.status}`);
  return body.data as R;
}

function refuse(error: { message: string; extensions?: { code?: string; retryAfter?: number; reason?: string } & Partial<Fault> }): never {
  const { code = 'INTERNAL_SERVER_ERROR', retryAfter, reason, field, rule, min, max } = error.extensions ?? {};
  if (code === 'UNAUTHENTICATED' || code === 'SESSION_EXPIRED') {
    if (tokens) end();
    else if (me) setViewer(null); // the copy was shown without a session
  }
  throw new Refusal(code, error.message, { retryAfter, reason, faults: field && rule ? [{ field, rule, min, max }] : [] });
}

/** What names the document to the server: its text, or its hash where the page says that the server knows it. */
const named = (query: TypedDocumentString<any, any>): object => (BY_ID ? { documentId: query.__meta__?.hash } : { query: String(query) });

async function send(query: TypedDocumentString<any, any>, variables: unknown, token: string | null, accept: string, signal?: AbortSignal): Promise<Response> {
  try {
    return await fetch(URL_OF_API, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify({ ...named(query), variables }),
      signal: signal ?? null,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Refusal('NETWORK', 'no answer came');
  }
}

type Success<T> = Extract<T, { __typename: `${string}Success` }>;

/** Return the success of a mutation's result. Raises `Refusal` for each other member. */
export function settle<T extends { __typename: string }>(result: T | null | undefined): Success<T> {
  if (!result) throw new Refusal('INTERNAL_SERVER_ERROR', 'no result');
  if (result.__typename.endsWith('Success')) return result as Success<T>;
  const { code, message, ...more } = result as unknown as { code: string; message: string };
  throw new Refusal(code, message, more);
}

/** Yield the events of a subscription. Ends with the stream; the caller sees by the last event whether it was complete. Raises `Refusal`. */
export async function* stream<R, V>(query: TypedDocumentString<R, V>, variables: V, signal?: AbortSignal): AsyncGenerator<R> {
  const response = await send(query, variables, await fresh(), 'text/event-stream', signal);
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
    const body = await response.json().catch(() => ({}));
    if (body.errors?.length) refuse(body.errors[0]);
    throw new Refusal('NETWORK', `the server answered with status ${response.status}`);
  }
  let pending = '';
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (pending + value).split(/\r?\n\r?\n/);
      pending = blocks.pop()!;
      for (const block of blocks) {
        const fields = block.split(/\r?\n/).filter((line) => line && !line.startsWith(':'));
        if (fields.some((line) => /^event: ?complete/.test(line))) return;
        const data = fields.filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trimStart()).join('\n');
        if (!data) continue;
        const body = JSON.parse(data);
        if (body.errors?.length) refuse(body.errors[0]);
        yield body.data as R;
      }
    }
  } catch (error) {
    if (error instanceof Refusal || signal?.aborted) throw error;
    throw new Refusal('NETWORK', 'the connection was lost');
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}
