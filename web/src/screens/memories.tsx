// What another assistant remembers of the user, pasted as a text: the values that it suggests are shown before they are taken into the profile. A part of the settings.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Refusal, run, settle } from '../api';
import { BeginImportDocument, CommitMemoriesDocument, SendPartDocument, SlotsDocument, type CommitMemoriesMutation, type ImportSkipReason, type SlotsQuery } from '../generated/graphql';
import { labelOf, Link, Notice, useAction } from '../parts';
import { day, texts } from '../texts';

const MAX_CHARACTERS = 60_000; // which the API reads
const NOT_COUNTED = new Set<ImportSkipReason>(['HEADING', 'REPEATED']); // reasons for leaving out a line that has nothing to tell

type Report = Extract<NonNullable<CommitMemoriesMutation['importCommit']>, { __typename: 'ImportCommitSuccess' }>['report'];
type Preview = Report & { id: string; slots: SlotsQuery['profileSlots'] };

/** What an import leaves out, with the reasons when it is opened. */
export function Skipped({ of, say }: { of: readonly { code: ImportSkipReason; count: number }[]; say: (count: number) => string }) {
  const t = texts();
  const counts = new Map<ImportSkipReason, number>();
  for (const { code, count } of of) if (!NOT_COUNTED.has(code)) counts.set(code, (counts.get(code) ?? 0) + count);
  const sum = [...counts.values()].reduce((one, other) => one + other, 0);
  if (!sum) return null;
  return <details class="skipped"><summary>{say(sum)}</summary><ul>{[...counts].map(([code, count]) => <li class="aside">{t.skipReasons[code] ?? t.skipReasons.OTHER} · {count}</li>)}</ul></details>;
}

/** The API keeps one import, the latest: `begin` is called when one begins here, and `others` counts those that began elsewhere on this screen, whose work `isHeld` says not to disturb. */
export function Memories({ begin, others, isHeld }: { begin: () => void; others: number; isHeld: boolean }) {
  const t = texts();
  const { act, busy, error, done } = useAction();
  const [preview, setPreview] = useState<Preview | null>(null);
  const [isTaken, setTaken] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const shown = useRef<HTMLDivElement>(null);
  useEffect(() => setPreview(null), [others]);
  useEffect(() => { if (preview) shown.current?.focus(); }, [preview]);
  const commit = async (importId: string, dryRun: boolean): Promise<Report> => {
    try {
      return settle((await run(CommitMemoriesDocument, { input: { importId, dryRun } })).importCommit).report;
    } catch (refusal) {
      throw refusal instanceof Refusal && refusal.code.startsWith('MODEL_') ? new Refusal('NOT_READ', t.memoriesNotRead) : refusal;
    }
  };
  const read = () => act(async () => {
    begin();
    setPreview(null);
    setTaken(false);
    const { id } = settle((await run(BeginImportDocument, { input: {} })).importStart).import;
    settle((await run(SendPartDocument, { input: { importId: id, position: 0, kind: 'MEMORY', content: field.current!.value } })).importPart);
    const report = await commit(id, true);
    setPreview({ ...report, id, slots: (await run(SlotsDocument)).profileSlots });
  });
  const take = ({ id }: Preview) => act(async () => {
    const { suggestions } = await commit(id, false);
    setPreview(null);
    setTaken(true);
    field.current!.form!.reset();
    field.current!.focus();
    return t.memoriesTaken(suggestions.filter((one) => !one.known).length);
  });
  const drop = () => act(async () => {
    settle((await run(BeginImportDocument, { input: { replace: true } })).importStart);
    setPreview(null);
    field.current!.focus();
    return t.importCancelled;
  });
  return (
    <>
      <form onSubmit={(event) => { event.preventDefault(); void read(); }}>
        <label>{t.memories}<textarea name="memories" ref={field} rows={5} maxLength={MAX_CHARACTERS} required aria-describedby="memories-hint" onInput={() => { setPreview(null); setTaken(false); }} /></label>
        <p class="aside" id="memories-hint">{t.memoriesHint} <q class="ask-it">{t.memoriesAsk}</q></p>
        <button disabled={busy || isHeld}>{t.memoriesRead}</button> {busy && <progress aria-label={t.loading} />}
      </form>
      {preview && (
        <div class="preview" ref={shown} tabIndex={-1} role="group" aria-label={t.memories}>
          <p>{[t.memoriesFound(preview.suggestions.length), preview.alreadyImported > 0 ? t.alreadyThere(preview.alreadyImported) : ''].filter(Boolean).join(t.space)}</p>
          <Skipped of={preview.skipped} say={t.memoriesLeftOut} />
          {preview.suggestions.length > 0 && <ul class="list">{preview.suggestions.map((one) => (
            <li><span class="aside">{labelOf(preview.slots, one)}</span> <span class="words">{t.said(one.polarity, one.value)}</span>
              {one.known && <span class="aside"> · {t.memoriesKnown}</span>}
              {one.quote && <p class="aside">{one.notedOn && `${day(one.notedOn, { dateStyle: 'medium' })}: `}{one.quote}</p>}</li>
          ))}</ul>}
          <p class="row">{preview.suggestions.length > 0 && <button type="button" class="main" disabled={busy} onClick={() => void take(preview)}>{t.memoriesTake}</button>} <button type="button" class="plain" disabled={busy} onClick={() => void drop()}>{t.cancel}</button></p>
        </div>
      )}
      <Notice error={error} done={done} />
      {isTaken && <p><Link to="/you">{t.you}</Link></p>}
    </>
  );
}
