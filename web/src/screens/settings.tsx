import { useState } from 'preact/hooks';
import { end, run, setViewer, settle, signOut } from '../api';
import {
  ChangePasswordDocument, DeleteAccountDocument, ExportPartDocument, ImportDocument, SettingsDocument, SignOutEverywhereDocument, UpdateAccountDocument, UpdateMemoryDocument,
  type ExportFormat, type MemoryUpdateInput, type SettingsQuery,
} from '../generated/graphql';
import { Notice, useAction, useQuery, Waiting } from '../parts';
import { day, texts } from '../texts';

export default function Settings() {
  const t = texts();
  const loaded = useQuery(SettingsDocument);
  const me = loaded.data?.viewer;
  return (
    <div>
      <h1>{t.settings}</h1>
      {me ? <><Account me={me} /><Memory me={me} reload={loaded.reload} /><Data /><SignIns /><Leave /></> : <Waiting of={loaded} />}
    </div>
  );
}

type Me = NonNullable<SettingsQuery['viewer']>;
const text = (form: FormData, name: string) => String(form.get(name) ?? '');

function Account({ me }: { me: Me }) {
  const t = texts();
  const { act, busy, error, done } = useAction();
  const zones = [...new Set([me.timeZone, 'UTC', ...Intl.supportedValuesOf('timeZone')])];
  return (
    <section>
      <h2>{t.account}</h2>
      <p class="aside">{me.email} · {t.allowance(me.usageToday.chatTokens, me.usageToday.chatTokensPerDay ?? null)}</p>
      <form onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const input = { nickname: text(form, 'nickname'), timeZone: text(form, 'zone'), locale: text(form, 'locale'), dayEndsAt: Number(form.get('ends')) };
        void act(async () => { setViewer(settle((await run(UpdateAccountDocument, { input })).accountUpdate).user); return texts().saved; });
      }}>
        <label>{t.nickname}<input name="nickname" defaultValue={me.nickname} maxLength={50} required /></label>
        <label>{t.zone}<select name="zone" defaultValue={me.timeZone}>{zones.map((zone) => <option selected={zone === me.timeZone}>{zone}</option>)}</select></label>
        <label>{t.language}<select name="locale">
          {[...new Set([me.locale, 'en', 'zh-CN'])].map((locale) => <option value={locale} selected={locale === me.locale}>{new Intl.DisplayNames([locale], { type: 'language' }).of(locale)}</option>)}
        </select></label>
        <label>{t.dayEnds}<input name="ends" type="number" min={0} max={23} defaultValue={String(me.dayEndsAt)} required aria-describedby="ends" /></label>
        <p id="ends" class="aside">{t.dayEndsHint}</p>
        <button class="main" disabled={busy}>{t.save}</button>
        <Notice error={error} done={done} />
      </form>
    </section>
  );
}

function Memory({ me, reload }: { me: Me; reload: () => Promise<void> }) {
  const t = texts();
  const { act, busy, error, done } = useAction();
  const memory = me.memory;
  if (!memory) return null;
  const update = (input: MemoryUpdateInput) => void act(async () => {
    settle((await run(UpdateMemoryDocument, { input })).memoryUpdate);
    await reload();
    return t.saved;
  });
  return (
    <section>
      <h2>{t.memory}</h2>
      {([['diary', t.memoryDiary], ['profile', t.memoryProfile], ['toldInChats', t.memoryTold]] as const).map(([name, label]) => (
        <label class="check"><input type="checkbox" checked={memory[name]} disabled={busy} onChange={(event) => update({ [name]: event.currentTarget.checked })} /> {label}</label>
      ))}
      <p class="row">
        <label>{t.paused}<input type="date" min={me.today} value={memory.pausedUntil ?? ''} disabled={busy} onChange={(event) => update({ pausedUntil: event.currentTarget.value || null })} /></label>
        {memory.pausedUntil && <button type="button" disabled={busy} onClick={() => update({ pausedUntil: null })}>{t.resume} ({day(memory.pausedUntil, { dateStyle: 'medium' })})</button>}
      </p>
      {memory.gap && <p class="row">{t.gap(memory.gap.messages, memory.gap.days)}
        <button type="button" disabled={busy} onClick={() => update({ learnFrom: 'GAP' })}>{t.learn}</button> <button type="button" disabled={busy} onClick={() => update({ learnFrom: 'NOW' })}>{t.leave}</button></p>}
      <Notice error={error} done={done} />
    </section>
  );
}

/** Fetch all parts of an export and offer each file for saving. Raises `Refusal`. */
async function download(format: ExportFormat, progress: (parts: number) => void): Promise<void> {
  const files = new Map<string, { type: string; pieces: string[] }>();
  for (let after = null as string | null, number = 1; ; number++) {
    const part = settle((await run(ExportPartDocument, { input: { format, after } })).accountExportPart);
    for (const piece of part.texts) {
      const file = files.get(piece.name) ?? { type: piece.mediaType, pieces: [] };
      file.pieces.push(piece.content);
      files.set(piece.name, file);
    }
    progress(number);
    after = part.nextCursor ?? null;
    if (after === null) break;
  }
  // One file holds all texts of a Markdown export: browsers ask before they save many.
  const [first] = files;
  const name = files.size === 1 ? first![0] : 'unilife.md';
  const content = files.size === 1 ? first![1].pieces : [...files].flatMap(([title, file]) => [`<!-- ${title} -->\n\n`, ...file.pieces, '\n\n']);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(content, { type: first?.[1].type ?? 'text/markdown' }));
  link.download = name.split('/').at(-1)!;
  link.click();
  URL.revokeObjectURL(link.href);
}

function Data() {
  const t = texts();
  const { act, busy, error, done } = useAction();
  const [parts, setParts] = useState(0);
  const save = (format: ExportFormat) => void act(async () => {
    let count = 0;
    await download(format, (number) => setParts(count = number));
    return t.exported(count);
  });
  return (
    <section>
      <h2>{t.data}</h2>
      <p class="row"><button type="button" disabled={busy} onClick={() => save('JSON')}>{t.exportJson}</button> <button type="button" disabled={busy} onClick={() => save('MARKDOWN')}>{t.exportMarkdown}</button> {busy && parts > 0 && <progress aria-label={t.loading} />}</p>
      <label>{t.importFile}<input type="file" accept="application/json,.json" disabled={busy} onChange={(event) => {
        const file = event.currentTarget.files?.[0];
        if (file) void act(async () => {
          const found = settle((await run(ImportDocument, { input: { content: await file.text() } })).accountImport);
          return t.imported(found.messages, found.diaries);
        });
      }} /></label>
      <Notice error={error} done={done} />
    </section>
  );
}

function SignIns() {
  const t = texts();
  const { act, busy, error, done } = useAction();
  return (
    <section>
      <h2>{t.signIns}</h2>
      <p class="row"><button type="button" onClick={() => void signOut()}>{t.signOut}</button>
        <button type="button" disabled={busy} onClick={() => void act(async () => t.signedOutOthers(settle((await run(SignOutEverywhereDocument, { input: { keepCurrent: true } })).sessionRevokeAll).revokedSessions))}>{t.signOutOthers}</button></p>
      <form onSubmit={(event) => {
        event.preventDefault();
        const target = event.currentTarget;
        const form = new FormData(target);
        void act(async () => {
          settle((await run(ChangePasswordDocument, { input: { currentPassword: text(form, 'current'), newPassword: text(form, 'new') } })).passwordChange);
          target.reset();
          return t.passwordChanged;
        });
      }}>
        <label>{t.current}<input name="current" type="password" autocomplete="current-password" required /></label>
        <label>{t.newPassword}<input name="new" type="password" autocomplete="new-password" required /></label>
        <button disabled={busy}>{t.changePassword}</button>
        <Notice error={error} done={done} />
      </form>
    </section>
  );
}

function Leave() {
  const t = texts();
  const { act, busy, error } = useAction();
  const [isAsked, setAsked] = useState(false);
  return (
    <section>
      <h2>{t.deleteAccount}</h2>
      <p class="aside">{t.deleteAccountHint} {t.undoNone}</p>
      {!isAsked ? <button type="button" class="danger" onClick={() => setAsked(true)}>{t.deleteAccount}</button> : (
        <form onSubmit={(event) => {
          event.preventDefault();
          const password = text(new FormData(event.currentTarget), 'password');
          void act(async () => { settle((await run(DeleteAccountDocument, { input: { password } })).accountDelete); history.replaceState(null, '', '/'); end(); });
        }}>
          <label>{t.password}<input name="password" type="password" autocomplete="current-password" required /></label>
          <button class="danger" disabled={busy}>{t.yes}</button> <button type="button" class="plain" onClick={() => setAsked(false)}>{t.no}</button>
          <Notice error={error} />
        </form>
      )}
    </section>
  );
}
