import { useState } from 'preact/hooks';
import { end, offlineAsOf, run, setViewer, settle } from '../api';
import {
  BeginImportDocument, ChangePasswordDocument, CommitImportDocument, DeleteAccountDocument, EraseTopicsDocument, ExportPartDocument, ImportDocument, SendPartDocument, SettingsDocument, UpdateAccountDocument, UpdateMemoryDocument,
  type CommitImportMutation, type ExportFormat, type MemoryTopic, type MemoryUpdateInput, type SettingsQuery,
} from '../generated/graphql';
import { DeleteButton, Notice, useAction, useQuery, Waiting } from '../parts';
import { renewCopy } from '../device';
import { day, number, texts } from '../texts';
import { Assistants } from './assistants';
import { Companion } from './companion';
import { Device } from './device';
import { Sessions } from './sessions';

export default function Settings() {
  const t = texts();
  const loaded = useQuery(SettingsDocument);
  const me = loaded.data?.viewer;
  return (
    <div>
      <h1>{t.settings}</h1>
      {me ? <><Account me={me} /><Companion data={loaded.data!} reload={loaded.reload} /><Memory me={me} reload={loaded.reload} /><Data /><Device /><Assistants /><SignIns /><Leave /></> : <><Waiting of={loaded} />{offlineAsOf() && <Device />}</>}
    </div>
  );
}

type Me = NonNullable<SettingsQuery['viewer']>;
const TOPICS: MemoryTopic[] = ['HEALTH', 'LOVE', 'MONEY', 'BELIEFS'];
const nextDay = (date: string) => new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);
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
  const erase = async (dryRun: boolean) => {
    const { receipt } = settle((await run(EraseTopicsDocument, { input: { dryRun } })).memoryErase);
    return receipt;
  };
  const wouldErase = async () => {
    const receipt = await erase(true);
    return t.takes(receipt.linesRemoved, receipt.valuesRemoved);
  };
  const names = (form: HTMLFormElement) => [...new Set(String(new FormData(form).get('names')).split('\n').map((name) => name.trim()).filter(Boolean))];
  const isStored = memory.stored.lines + memory.stored.signals + memory.stored.values > 0;
  return (
    <section>
      <h2>{t.memory}</h2>
      {memory.pausedUntil && <p class="row" role="status">{t.pausedNow(day(memory.pausedUntil, { dateStyle: 'long' }))} <button type="button" disabled={busy} onClick={() => update({ pausedUntil: null })}>{t.resume}</button></p>}
      {([['diary', t.memoryDiary, t.memoryDiaryHint], ['profile', t.memoryProfile, t.memoryProfileHint], ['toldInChats', t.memoryTold, t.memoryToldHint]] as const).map(([name, label, hint]) => (
        <label class="check"><input type="checkbox" name={name} checked={memory[name]} disabled={busy} aria-describedby={`${name}-hint`} onChange={(event) => update({ [name]: event.currentTarget.checked })} />
          <span>{label}<span class="aside" id={`${name}-hint`}>{hint}</span></span></label>
      ))}
      {!memory.pausedUntil && <form class="row" onSubmit={(event) => { event.preventDefault(); update({ pausedUntil: String(new FormData(event.currentTarget).get('until')) }); }}>
        <label class="row">{t.paused} <input class="date" name="until" type="date" required min={nextDay(me.today)} defaultValue="" /></label> <button disabled={busy}>{t.pause}</button>
      </form>}
      {memory.gap && <p class="row">{t.gap(memory.gap.messages, memory.gap.days)}
        <button type="button" disabled={busy} onClick={() => update({ learnFrom: 'GAP' })}>{t.learn}</button> <button type="button" disabled={busy} onClick={() => update({ learnFrom: 'NOW' })}>{t.leave}</button></p>}
      <fieldset>
        <legend>{t.notKept}</legend>
        {TOPICS.map((topic) => (
          <label class="check"><input type="checkbox" name={topic} checked={memory.topicsNotKept.includes(topic)} disabled={busy}
            onChange={(event) => update({ topicsNotKept: event.currentTarget.checked ? [...memory.topicsNotKept, topic] : memory.topicsNotKept.filter((one) => one !== topic) })} /> {t.topics[topic]}</label>
        ))}
        <form key={memory.namesNotKept.join()} onSubmit={(event) => { event.preventDefault(); update({ namesNotKept: names(event.currentTarget) }); }}>
          <label>{t.namesNotKept}<textarea name="names" rows={2} defaultValue={memory.namesNotKept.join('\n')} aria-describedby="names-hint" /></label>
          <p class="aside" id="names-hint">{t.namesHint}</p>
          <button disabled={busy}>{t.saveNames}</button>
        </form>
        {isStored && <p class="row">{t.storedYet(memory.stored.lines, memory.stored.values)} <DeleteButton label={t.eraseStored} busy={busy} preview={wouldErase} act={() => void act(async () => {
          const receipt = await erase(false);
          await renewCopy();
          await reload();
          return t.receipt(receipt.linesRemoved, receipt.valuesRemoved);
        })} /></p>}
      </fieldset>
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

type Report = Extract<NonNullable<CommitImportMutation['importCommit']>, { __typename: 'ImportCommitSuccess' }>['report'];
const PART_BYTES = 3_000_000; // of a request, which may have 4 MiB

/** Return a file of another product in parts of whole conversations or entries; null for an export of UniLife, or what is no JSON, which the API refuses by itself. */
function cut(content: string): string[] | null {
  let found: unknown;
  try { found = JSON.parse(content); } catch { return null; }
  const object = found as { format?: unknown; entries?: unknown };
  if (String(object?.format ?? '').startsWith('unilife/')) return null;
  const items: unknown[] | null = Array.isArray(found) ? found : Array.isArray(object?.entries) ? object.entries : null;
  if (!items) return [content];
  const encoder = new TextEncoder();
  const parts: string[][] = [[]];
  let bytes = 0;
  for (const item of items) {
    const text = JSON.stringify(item);
    const size = encoder.encode(JSON.stringify(text)).length;
    if (bytes && bytes + size > PART_BYTES) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)!.push(text);
    bytes += size;
  }
  return parts.map((part) => `[${part.join(',')}]`);
}

function Data() {
  const t = texts();
  const { act, busy, error, done } = useAction();
  const [parts, setParts] = useState(0);
  const [sent, setSent] = useState<{ number: number; of: number } | null>(null);
  const [preview, setPreview] = useState<(Report & { id: string }) | null>(null);
  /** Import an export of UniLife at once; send a file of another product in parts and show what it would bring. */
  const take = async (content: string): Promise<string | void> => {
    setPreview(null);
    const parts = cut(content);
    if (!parts) {
      const found = settle((await run(ImportDocument, { input: { content } })).accountImport);
      return t.imported(found.messages, found.diaries);
    }
    try {
      const { id } = settle((await run(BeginImportDocument, { input: {} })).importStart).import;
      for (const [position, part] of parts.entries()) {
        setSent({ number: position + 1, of: parts.length });
        settle((await run(SendPartDocument, { input: { importId: id, position, content: part } })).importPart);
      }
      setPreview({ id, ...settle((await run(CommitImportDocument, { input: { importId: id, dryRun: true } })).importCommit).report });
    } finally {
      setSent(null);
    }
  };
  const save = (format: ExportFormat) => void act(async () => {
    let count = 0;
    await download(format, (number) => setParts(count = number));
    return t.exported(count);
  });
  return (
    <section>
      <h2>{t.data}</h2>
      <p class="row"><button type="button" disabled={busy} onClick={() => save('JSON')}>{t.exportJson}</button> <button type="button" disabled={busy} onClick={() => save('MARKDOWN')}>{t.exportMarkdown}</button> {busy && parts > 0 && <progress aria-label={t.loading} />}</p>
      <label>{t.importFile}<input type="file" accept="application/json,.json" disabled={busy} aria-describedby="import-hint" onChange={(event) => {
        const file = event.currentTarget.files?.[0];
        event.currentTarget.value = '';
        if (file) void act(async () => take(await file.text()));
      }} /></label>
      <p class="aside" id="import-hint">{t.importHint}</p>
      {sent && <p class="row" role="status">{t.sendingPart(sent.number, sent.of)} <progress aria-label={t.loading} value={sent.number} max={sent.of} /></p>}
      {preview && (
        <div class="preview">
          <p>{t.importPreview(preview.conversations, preview.messages, preview.days.length)} {preview.alreadyImported > 0 && t.alreadyThere(preview.alreadyImported)} {preview.omitted > 0 && t.leftOut(preview.omitted)}</p>
          <p class="aside">{t.importCost(number(preview.estimatedTokens), preview.estimatedCost == null ? '' : `${number(preview.estimatedCost, 4)} ${preview.currency ?? ''}`)}</p>
          <p class="row"><button type="button" class="main" disabled={busy} onClick={() => void act(async () => {
            const { report } = settle((await run(CommitImportDocument, { input: { importId: preview.id } })).importCommit);
            setPreview(null);
            return t.importedChats(report.messages, report.days.length);
          })}>{t.importNow}</button> <button type="button" class="plain" onClick={() => setPreview(null)}>{t.cancel}</button></p>
        </div>
      )}
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
      <Sessions />
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
