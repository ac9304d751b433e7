import { useEffect, useRef, useState } from 'preact/hooks';
import { end, offlineAsOf, Refusal, run, setFarewell, setViewer, settle, viewer } from '../api';
import {
  BeginImportDocument, ChangePasswordDocument, CommitImportDocument, DeleteAccountDocument, EraseTopicsDocument, ExportPartDocument, HeldDocument, ImportDocument, SendPartDocument, SettingsDocument, UpdateAccountDocument, UpdateMemoryDocument,
  type CommitImportMutation, type ExportFormat, type MemoryTopic, type MemoryUpdateInput, type SettingsQuery,
} from '../generated/graphql';
import { DeleteButton, focus, Notice, onEscape, useAction, useQuery, Waiting } from '../parts';
import { renewCopy } from '../device';
import { day, number, texts } from '../texts';
import { Assistants } from './assistants';
import { Companion } from './companion';
import { Device } from './device';
import { Memories, Skipped } from './memories';
import { Sessions } from './sessions';

export default function Settings() {
  const t = texts();
  const loaded = useQuery(SettingsDocument);
  const me = loaded.data?.viewer;
  return (
    <div>
      <h1>{t.settings}</h1>
      {me ? <><nav class="contents" aria-label={t.settings}>{([['account', t.account], ['companion', t.companion], ['memory', t.memory], ['data', t.data], ['device', t.device], ['assistants', t.assistants], ['sign-ins', t.signIns]] as const).map(([id, title]) => <a href={`#${id}`}>{title}</a>)}</nav><Account me={me} /><Companion data={loaded.data!} reload={loaded.reload} /><Memory me={me} reload={loaded.reload} /><Data /><Device /><Assistants /><SignIns /><Leave /></> : <><Waiting of={loaded} />{offlineAsOf() && <Device />}</>}
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
    <section id="account">
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
    <section id="memory">
      <h2>{t.memory}</h2>
      {memory.pausedUntil && <p class="row" role="status">{t.pausedNow(day(memory.pausedUntil, { dateStyle: 'long' }))} <button type="button" disabled={busy} onClick={() => update({ pausedUntil: null })}>{t.resume}</button></p>}
      {([['diary', t.memoryDiary, t.memoryDiaryHint], ['profile', t.memoryProfile, t.memoryProfileHint], ['toldInChats', t.memoryTold, t.memoryToldHint]] as const).map(([name, label, hint]) => (
        <label class="check"><input type="checkbox" name={name} checked={memory[name]} disabled={busy} aria-describedby={`${name}-hint`} onChange={(event) => update({ [name]: event.currentTarget.checked })} />
          <span>{label}<span class="aside" id={`${name}-hint`}>{hint}</span></span></label>
      ))}
      {!memory.pausedUntil && <form class="row" onSubmit={(event) => { event.preventDefault(); update({ pausedUntil: String(new FormData(event.currentTarget).get('until')) }); }}>
        <label class="row">{t.paused} <input class="date" name="until" type="date" required min={nextDay(me.today)} defaultValue="" /></label> <button disabled={busy}>{t.pause}</button>
      </form>}
      {memory.gap && <p class="row gap"><span>{t.gap(memory.gap.messages, memory.gap.days)}</span>
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
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // not every browser has read it by now
}

type Report = Extract<NonNullable<CommitImportMutation['importCommit']>, { __typename: 'ImportCommitSuccess' }>['report'];
const OURS_CHARACTERS = 4_000_000; // of an export of UniLife, which is imported in one request
const OURS_BYTES = 4_190_000;

class Cancelled extends Error {}

function Data() {
  const t = texts();
  const { act, busy, error, done } = useAction();
  const [parts, setParts] = useState(0);
  const [step, setStep] = useState<{ text: string; number: number; of: number } | null>(null);
  const [preview, setPreview] = useState<(Report & { id: string; rounds: string[][]; round: number; tooLong: number }) | null>(null);
  const [taken, setTaken] = useState(0); // files
  const isCancelled = useRef(false);
  useEffect(() => () => void (isCancelled.current = true), []);
  const show = (text: string, number: number, of: number) => {
    if (isCancelled.current) throw new Cancelled();
    setStep({ text, number, of });
  };
  /** Delete what was sent: the API keeps the parts of one import, the latest. */
  const discard = async () => void settle((await run(BeginImportDocument, { input: { replace: true } })).importStart);
  /** Send the parts of an import and show what it would bring. */
  const prepare = async (rounds: string[][], round: number, tooLong: number): Promise<void> => {
    const parts = rounds[round]!;
    show(t.readingFile, 0, 0);
    const { id } = settle((await run(BeginImportDocument, { input: {} })).importStart).import;
    try {
      for (const [position, content] of parts.entries()) {
        show(t.sendingPart(position + 1, parts.length), position, parts.length);
        settle((await run(SendPartDocument, { input: { importId: id, position, content } })).importPart);
      }
      show(t.countingImport, parts.length, parts.length);
      const { report } = settle((await run(CommitImportDocument, { input: { importId: id, dryRun: true } })).importCommit);
      if (isCancelled.current) throw new Cancelled();
      setPreview({ ...report, id, rounds, round, tooLong });
    } catch (reason) {
      if (reason instanceof Cancelled) await discard();
      throw reason;
    }
  };
  /** Do a step of an import, which the user can cancel. */
  const follow = async (work: () => Promise<string | void>): Promise<string | void> => {
    setPreview(null);
    isCancelled.current = false;
    try {
      return await work();
    } catch (reason) {
      if (reason instanceof Cancelled) return t.importCancelled;
      throw reason;
    } finally {
      setStep(null);
    }
  };
  /** Import an export of UniLife at once, and prepare the import of any other file. */
  const take = (file: File) => follow(async () => {
    show(t.readingFile, 0, 0);
    const { readChats } = await import('../chats');
    const found = await readChats(file, (number, of) => show(t.readingFile, number, of)).catch((reason) => { throw reason instanceof Cancelled ? reason : new Refusal(reason.code ?? 'FILE_BROKEN', String(reason)); });
    if ('rounds' in found) return prepare(found.rounds, 0, found.tooLong);
    const { content } = found;
    if (content.length > OURS_CHARACTERS || new TextEncoder().encode(JSON.stringify(content)).length > OURS_BYTES) throw new Refusal('FILE_OURS_TOO_LARGE', 'too large');
    const brought = settle((await run(ImportDocument, { input: { content } })).accountImport);
    return t.imported(brought.messages, brought.diaries);
  });
  const commit = ({ id, rounds, round, tooLong }: NonNullable<typeof preview>) => follow(async () => {
    const { report } = settle((await run(CommitImportDocument, { input: { importId: id } })).importCommit);
    if (round + 1 < rounds.length) await prepare(rounds, round + 1, tooLong);
    return t.importedChats(report.messages, report.days.length);
  });
  const save = (format: ExportFormat) => void act(async () => {
    let count = 0;
    try { await download(format, (number) => setParts(count = number)); } finally { setParts(0); }
    return t.exported(count);
  });
  return (
    <section id="data">
      <h2>{t.data}</h2>
      <p class="row"><button type="button" disabled={busy} onClick={() => save('JSON')}>{t.exportJson}</button> <button type="button" disabled={busy} onClick={() => save('MARKDOWN')}>{t.exportMarkdown}</button> {parts > 0 && <progress aria-label={t.loading} />}</p>
      <label>{t.importFile}<input type="file" accept="application/json,.json,application/zip,.zip" disabled={busy} aria-describedby="import-hint" onChange={(event) => {
        const file = event.currentTarget.files?.[0];
        if (file) {
          setTaken((number) => number + 1);
          void act(() => take(file));
        }
        event.currentTarget.value = '';
      }} /></label>
      <p class="aside" id="import-hint">{t.importHint}</p>
      {step && <p class="row"><span role="status">{step.text}</span> <progress aria-label={step.text} {...(step.of ? { value: step.number, max: step.of } : {})} />
        <button type="button" class="plain" onClick={() => { isCancelled.current = true; setStep({ ...step, text: t.cancelling }); }}>{t.cancelImport}</button></p>}
      {preview && (
        <div class="preview">
          {preview.rounds.length > 1 && <p>{t.importRound(preview.round + 1, preview.rounds.length)}</p>}
          <p>{preview.kinds.length > 0 && `${preview.kinds.join(', ')}: `}{t.importPreview(preview.conversations, preview.messages, preview.days.length)} {preview.alreadyImported > 0 && t.alreadyThere(preview.alreadyImported)} {preview.omitted > 0 && t.leftOut(preview.omitted)} {preview.tooLong > 0 && t.leftOutLong(preview.tooLong)}</p>
          <Skipped of={preview.skipped} say={t.skipped} />
          <p class="aside">{t.importCost(number(preview.estimatedTokens), preview.estimatedCost == null ? '' : `${number(preview.estimatedCost, 4)} ${preview.currency ?? ''}`)}</p>
          <p class="row"><button type="button" class="main" disabled={busy} onClick={() => void act(() => commit(preview))}>{t.importNow}</button> <button type="button" class="plain" disabled={busy} onClick={() => void act(async () => { await discard(); setPreview(null); return t.importCancelled; })}>{t.cancel}</button></p>
        </div>
      )}
      <Notice error={error} done={done} />
      <Memories begin={() => setPreview(null)} others={taken} isHeld={busy} />
    </section>
  );
}

function SignIns() {
  const t = texts();
  const { act, busy, error, done } = useAction();
  return (
    <section id="sign-ins">
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
  const [isAsked, setAsked] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const close = () => {
    setAsked(false);
    requestAnimationFrame(() => opener.current?.focus());
  };
  return (
    <section>
      <h2>{t.deleteAccount}</h2>
      <p class="aside">{t.deleteAccountHint} {t.undoNone}</p>
      {isAsked ? <LeaveForm close={close} /> : <button type="button" class="danger" ref={opener} onClick={() => setAsked(true)}>{t.deleteAccount}</button>}
    </section>
  );
}

function LeaveForm({ close }: { close: () => void }) {
  const t = texts();
  const { act, busy, error } = useAction();
  const held = useQuery(HeldDocument);
  const conversations = held.data?.conversations?.totalCount ?? 0, diaries = held.data?.diaryStats?.entryCount ?? 0;
  const leave = async (password: string) => {
    const email = viewer()!.email;
    const { deletedId } = settle((await run(DeleteAccountDocument, { input: { password } })).accountDelete);
    setFarewell({ email, id: deletedId, at: new Date().toISOString(), conversations, diaries });
    history.replaceState(null, '', '/');
    end();
  };
  return (
    <form onKeyDown={onEscape(close)} onSubmit={(event) => { event.preventDefault(); const password = text(new FormData(event.currentTarget), 'password'); void act(() => leave(password)); }}>
      <p role="status">{held.data && t.accountHolds(conversations, diaries)}</p>
      <label>{t.password}<input name="password" type="password" autocomplete="current-password" required ref={focus} /></label>
      <p class="row"><button class="danger" disabled={busy}>{t.yes}</button> <button type="button" class="plain" onClick={close}>{t.no}</button></p>
      <Notice error={error} />
    </form>
  );
}
