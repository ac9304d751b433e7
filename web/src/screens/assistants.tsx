// Other assistants of the user: their tokens, and the log of what they read. A part of the settings.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ADDRESS_OF_ASSISTANTS, run, settle, viewer } from '../api';
import { AssistantsDocument, CreateTokenDocument, DeleteTokenDocument, EarlierUsesDocument, type AccessTokenFragment, type ApiScope, type UsesFragment } from '../generated/graphql';
import { DeleteButton, keepFocus, Notice, useAction, useQuery, Waiting } from '../parts';
import { day, moment, texts } from '../texts';

const SCOPES: ApiScope[] = [
  'READ_IDENTITY', 'READ_RELATIONSHIPS', 'READ_PREFERENCES', 'READ_HABITS', 'READ_DECISIONS', 'READ_OWN', 'READ_SENSITIVE', 'READ_DIARY', 'QUOTES', 'SUGGEST',
];
const LIFETIMES = [7, 30, 90, 365]; // days
const CHOSEN_LIFETIME = 90;
const SLACK_MS = 3_600_000; // the API refuses more than 365 days, by its own clock

export function Assistants() {
  const t = texts();
  const loaded = useQuery(AssistantsDocument);
  return (
    <section id="assistants">
      <h2>{t.assistants}</h2>
      <p class="aside">{t.assistantsHint} <code>{ADDRESS_OF_ASSISTANTS}</code></p>
      {loaded.data ? <>
        <Tokens tokens={loaded.data.apiTokens?.nodes ?? []} reload={loaded.reload} />
        {loaded.data.apiTokenUses && <Log key={loaded.data.apiTokenUses.nodes[0]?.at} first={loaded.data.apiTokenUses} />}
      </> : <Waiting of={loaded} />}
    </section>
  );
}

function Tokens({ tokens, reload }: { tokens: readonly AccessTokenFragment[]; reload: () => Promise<void> }) {
  const t = texts();
  const { act, busy, error, done } = useAction();
  const [made, setMade] = useState<{ name: string; token: string } | null>(null);
  const zone = viewer()?.timeZone;
  return (
    <>
      {tokens.length > 0 && <ul class="list tokens">{tokens.map((one) => (
        <li key={one.id}>
          <p class="bar"><span>{one.name} <code>…{one.hint}</code></span> <DeleteButton label={t.deleteMessage} name={one.name} busy={busy} act={() => void act(async () => {
            settle((await run(DeleteTokenDocument, { input: { id: one.id } })).apiTokenDelete);
            await reload();
            return t.tokenDeleted;
          })} /></p>
          <p class="aside">{one.scopes.map((scope) => t.scopes[scope] ?? scope).join(' · ')}</p>
          <p class="aside">{Date.parse(one.expiresAt) > Date.now() ? t.tokenExpires(moment(one.expiresAt, zone)) : t.tokenExpired(moment(one.expiresAt, zone))} {one.lastUsedAt ? t.tokenUsed(moment(one.lastUsedAt, zone)) : t.tokenUnused}</p>
        </li>
      ))}</ul>}
      {made && <Made {...made} close={() => { keepFocus(document.activeElement); setMade(null); }} />}
      <details>
        <summary>{t.newToken}</summary>
        <form onSubmit={(event) => {
          event.preventDefault();
          const target = event.currentTarget;
          const form = new FormData(target);
          const name = String(form.get('token'));
          const expiresAt = new Date(Date.now() + Number(form.get('lifetime')) * 86_400_000 - SLACK_MS).toISOString();
          void act(async () => {
            const { token, apiToken } = settle((await run(CreateTokenDocument, { input: { name, scopes: form.getAll('scope') as ApiScope[], expiresAt } })).apiTokenCreate);
            setMade({ name: apiToken.name, token });
            target.reset();
            (target.elements.namedItem('lifetime') as HTMLSelectElement).value = String(CHOSEN_LIFETIME); // which a reset does not know
            target.closest('details')!.open = false;
            await reload();
          });
        }}>
          <label>{t.tokenName}<input name="token" maxLength={60} required placeholder="Claude" /></label>
          <fieldset>
            <legend>{t.tokenScopes}</legend>
            {SCOPES.map((scope) => <label class="check"><input type="checkbox" name="scope" value={scope} /> <span>{t.scopes[scope]}{t.scopeHints[scope] && <span class="aside">{t.scopeHints[scope]}</span>}</span></label>)}
          </fieldset>
          <label>{t.tokenLifetime}<select name="lifetime">{LIFETIMES.map((days) => <option value={days} selected={days === CHOSEN_LIFETIME}>{t.dayCount(days)}</option>)}</select></label>
          <button class="main" disabled={busy}>{t.makeToken}</button>
        </form>
      </details>
      <Notice error={error} done={done} />
    </>
  );
}

/** The new token, which the API never shows again. The page keeps it until it is closed. */
function Made({ name, token, close }: { name: string; token: string; close: () => void }) {
  const t = texts();
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState('');
  useEffect(() => { field.current?.focus(); field.current?.select(); }, []);
  const copy = () => {
    field.current!.select();
    void navigator.clipboard.writeText(token).then(() => setCopied(t.copied), () => setCopied(t.copyYourself));
  };
  return (
    <div class="made" role="group" aria-label={t.tokenMade(name)}>
      <label>{t.tokenMade(name)}<input class="token" ref={field} readOnly value={token} spellcheck={false} autocomplete="off" aria-describedby="token-hint" /></label>
      <p class="aside" id="token-hint">{t.tokenOnce}</p>
      <p class="row"><button type="button" class="main" onClick={copy}>{t.copy}</button> <button type="button" class="plain" onClick={close}>{t.tokenKept}</button> <span role="status">{copied}</span></p>
    </div>
  );
}

/** What was read, the newest first; earlier pages on request. */
function Log({ first }: { first: UsesFragment }) {
  const t = texts();
  const [more, setMore] = useState<UsesFragment[]>([]);
  const { act, busy, error } = useAction();
  const pages = [first, ...more];
  const last = pages.at(-1)!.pageInfo;
  const uses = pages.flatMap((page) => page.nodes);
  return (
    <>
      <h3>{t.readLog}</h3>
      {!uses.length && <p class="aside">{t.readNothing}</p>}
      {uses.length > 0 && <ul class="list uses">{uses.map((use) => <li><time dateTime={use.at}>{moment(use.at, viewer()?.timeZone)}</time> · {use.tokenName} · {describe(use)}</li>)}</ul>}
      {last.hasNextPage && <button type="button" disabled={busy} onClick={() => void act(async () => {
        const next = (await run(EarlierUsesDocument, { after: last.endCursor ?? null })).apiTokenUses;
        if (next) setMore([...more, next]);
      })}>{t.more}</button>}
      <Notice error={error} />
    </>
  );
}

function describe(use: UsesFragment['nodes'][number]): string {
  const t = texts();
  const tool = t.apiTools[use.tool] ?? use.tool;
  if (use.outcome === 'REFUSED') return `${tool}: ${t.useRefused}`;
  const days = use.from && use.to ? [...new Set([use.from, use.to])].map((one) => day(one, { dateStyle: 'medium' })).join(' – ') : '';
  const result = use.tool === 'SUGGEST_VALUE' ? (use.results ? t.useStored : t.useLeftOut) : t.callResults(use.results);
  return [tool, use.sections.map((one) => t.sections[one] ?? one).join(', '), days, result, use.quotes ? t.useQuotes(use.quotes) : ''].filter(Boolean).join(' · ');
}
