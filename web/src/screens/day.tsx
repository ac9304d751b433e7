import { useEffect, useRef, useState } from 'preact/hooks';
import { Refusal, run, settle, viewer } from '../api';
import { isDevelopment, passNight } from '../development';
import { DayDocument, DayVersionsDocument, EditDayDocument, ForgetDayDocument, WriteDayDocument, type DayQuery, type DayVersionsQuery, type DiaryUpdateInput, type WrittenFragment } from '../generated/graphql';
import { AccountGap, DeleteButton, here, Link, Notice, onEscape, tagsOf, Traced, useAction, useQuery, Waiting } from '../parts';
import { day, diaryTime, moment, texts } from '../texts';

const wide = matchMedia('(min-width: 761px)'); // where the calendar stands beside the day, and need not be folded

export default function Days({ parts }: { parts: string[] }) {
  const date = /^\d{4}-\d\d-\d\d$/.test(parts[0] ?? '') ? parts[0]! : here();
  const [shown, setShown] = useState(date.slice(0, 7));
  const [opened, setOpened] = useState(date);
  const [isOpen, setOpen] = useState(wide.matches);
  useEffect(() => {
    const fit = () => setOpen(wide.matches);
    wide.addEventListener('change', fit);
    return () => wide.removeEventListener('change', fit);
  }, []);
  if (opened !== date) {
    setOpened(date);
    setShown(date.slice(0, 7));
  }
  const [year, month] = shown.split('-').map(Number) as [number, number];
  const loaded = useQuery(DayDocument, { date, year, month });
  const t = texts();
  const turn = (by: number) => setShown(new Date(Date.UTC(year, month - 1 + by, 1)).toISOString().slice(0, 7));
  return (
    <div>
      <aside>
        <details class="month" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>{t.calendar}</summary>
          <div class="bar">
            <button type="button" aria-label={t.previousMonth} onClick={() => turn(-1)}>‹</button>
            <h2>{day(`${shown}-01`, { year: 'numeric', month: 'long' })}</h2>
            <button type="button" aria-label={t.nextMonth} onClick={() => turn(1)}>›</button>
          </div>
          <Calendar year={year} month={month} date={date} data={loaded.data} choose={() => setOpen(wide.matches)} />
          {loaded.data?.diaryStats && <p class="aside">
            {t.entries(loaded.data.diaryStats.entryCount)} · {t.streak(loaded.data.diaryStats.currentStreak)} · {t.longest(loaded.data.diaryStats.longestStreak)}
          </p>}
        </details>
      </aside>
      <div class="day">
        <h1>{day(date)}</h1>
        {loaded.data ? <Day key={date} date={date} data={loaded.data} isCopy={loaded.isCopy} reload={loaded.reload} /> : <Waiting of={loaded} />}
      </div>
    </div>
  );
}

function Calendar({ year, month, date, data, choose }: { year: number; month: number; date: string; data: DayQuery | null; choose: () => void }) {
  const t = texts();
  const count = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const lead = (new Date(Date.UTC(year, month - 1, 1)).getUTCDay() + 6) % 7; // weeks begin on Monday
  const cells: (number | null)[] = [...Array<null>(lead).fill(null), ...Array.from({ length: count }, (_, index) => index + 1)];
  while (cells.length % 7) cells.push(null);
  const weeks = Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
  const noted = new Map(data?.diaryCalendar?.days.map((one) => [one.date, one]));
  // One day is a stop of the keyboard; the arrows go on from there, and what they pass does not open.
  const stop = date.startsWith(`${year}-${String(month).padStart(2, '0')}`) ? Number(date.slice(8)) : 1;
  const move = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key];
    const links = [...(event.currentTarget as HTMLElement).querySelectorAll('a')];
    const next = by && links[links.indexOf(event.target as HTMLAnchorElement) + by];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  const weekday = (index: number) => `2024-01-0${index + 1}`; // 2024 began on a Monday
  return (
    <table class="calendar" onKeyDown={move} onClick={(event) => { if ((event.target as HTMLElement).closest('a')) choose(); }}>
      <thead><tr>{cells.slice(0, 7).map((_, index) => <th scope="col"><abbr title={day(weekday(index), { weekday: 'long' })}>{day(weekday(index), { weekday: 'narrow' })}</abbr></th>)}</tr></thead>
      <tbody>
        {weeks.map((week) => <tr>{week.map((number) => {
          if (number === null) return <td />;
          const cell = `${year}-${String(month).padStart(2, '0')}-${String(number).padStart(2, '0')}`;
          const found = noted.get(cell);
          const label = `${day(cell)}${found ? `, ${found.mood === null || found.mood === undefined ? t.noMood : t.mood(found.mood)}` : ''}`;
          return <td><Link to={`/days/${cell}`} aria-label={label} aria-current={cell === date ? 'date' : undefined} tabIndex={number === stop ? 0 : -1}
            class={!found ? '' : found.mood == null ? 'none' : `m${found.mood}`}>{number}</Link></td>;
        })}</tr>)}
      </tbody>
    </table>
  );
}

/** Write the day's diary, or write it again. Raises `Refusal` in words for a diary. */
async function write(date: string): Promise<WrittenFragment> {
  try {
    return settle((await run(WriteDayDocument, { input: { date } })).diaryRewrite).diary;
  } catch (refusal) {
    throw refusal instanceof Refusal && refusal.code.startsWith('MODEL_') ? new Refusal('NOT_WRITTEN', texts().notWritten) : refusal;
  }
}

function Day({ date, data, isCopy, reload }: { date: string; data: DayQuery; isCopy: boolean; reload: () => Promise<void> }) {
  const t = texts();
  const { act, busy, error, done } = useAction();
  const found = data.day;
  const diary = found?.diary;
  const isToday = data.viewer?.today === date;
  const canWrite = !isCopy && !diary && found && found.messageCount > 0 && ['RUNNING', 'WAITING', 'FORGOTTEN', 'UNREQUESTED'].includes(found.state);
  return (
    <>
      {!isCopy && <AccountGap gap={data.viewer?.memory?.gap} reload={reload} />}
      {found && found.messageCount > 0 && <p class="aside">{t.messagesThatDay(found.messageCount)}
        {found.conversations.map((one) => <> · <Link to={`/chat/${encodeURIComponent(one.id)}`}>{one.title ?? t.untitled}</Link></>)}</p>}
      {found && t.states[found.state] && !diary && <p class="empty">{t.states[found.state]}{found.state === 'RUNNING' && `${t.space}${diaryTime(data.viewer?.nextNightAt, data.viewer?.timeZone, data.diaryStats?.entryCount === 0)}`}
        {found.state === 'SWITCHED_OFF' && <> <Link to="/settings">{t.toMemory}</Link></>}</p>}
      {diary && <Written diary={diary} isCopy={isCopy} reload={reload} act={act} busy={busy} />}
      {canWrite && <p class="row"><button type="button" disabled={busy} onClick={() => void act(async () => { await write(date); await reload(); return t.writtenNow; })}>{t.writeNow}</button> <span class="aside">{t.writeHint}</span></p>}
      {isDevelopment && isToday && !isCopy && <p class="row"><button type="button" disabled={busy} onClick={() => void act(async () => { await passNight(date); await reload(); return t.nightDone; })}>{t.nightPass}</button> <span class="aside">{t.nightHint}</span></p>}
      <Notice error={error} done={done} />
      {data.diariesOnThisDay?.length ? <section><h2>{t.onThisDay}</h2><ul class="list">{data.diariesOnThisDay.map((one) => <li><Link to={`/days/${one.date}`}>{day(one.date, { dateStyle: 'long' })}</Link> <span class="words">{one.summary}</span></li>)}</ul></section> : null}
    </>
  );
}

type Change = (changes: Omit<DiaryUpdateInput, 'id'>) => Promise<boolean>;

function Written({ diary, isCopy, reload, act, busy }: { diary: WrittenFragment; isCopy: boolean; reload: () => Promise<void>; act: ReturnType<typeof useAction>['act']; busy: boolean }) {
  const t = texts();
  const [editing, setEditing] = useState('');
  const [isLooking, setLooking] = useState(false);
  const change: Change = (changes) => act(async () => {
    const { receipt } = settle((await run(EditDayDocument, { input: { id: diary.id, ...changes } })).diaryUpdate);
    await reload();
    setEditing('');
    return t.savedDay(receipt.linesRemoved, receipt.valuesRemoved) + t.lowered(receipt.valuesLowered);
  });
  const wouldDelete = async (line: string) => {
    const { receipt } = settle((await run(EditDayDocument, { input: { id: diary.id, lines: [{ id: line, deleted: true }], dryRun: true } })).diaryUpdate);
    return t.takes(0, receipt.valuesRemoved) + t.lowered(receipt.valuesLowered);
  };
  const kinds = [...new Set(diary.lines.map((line) => line.kind))];
  const edited = useRef(-1); // the place of the form among what can be edited; the lines of a new version have new ids
  useEffect(() => { // the keyboard goes on where the form was opened
    const place = edited.current;
    if (!editing && place >= 0) requestAnimationFrame(() => ([...document.querySelectorAll<HTMLElement>('[data-edit]')].at(place) ?? document.getElementById('main'))?.focus()); // once the button is not disabled any more
    edited.current = editing ? [...document.querySelectorAll('[data-edit], .words-form')].findIndex((one) => one.matches('.words-form')) : -1;
  }, [editing]);
  return (
    <>
      {editing === 'summary' && !isCopy
        ? <SummaryForm diary={diary} busy={busy} change={change} cancel={() => setEditing('')} />
        : <>
            <p class="row aside">{[diary.mood != null ? t.mood(diary.mood) : '', ...diary.tags.map((tag) => `#${tag}`)].filter(Boolean).join(' · ') || null}
              {!isCopy && <> <button type="button" class="plain" data-edit aria-label={t.editDay} onClick={() => setEditing('summary')}>{t.edit}</button></>}</p>
            {diary.summary && <p class="words summary">{diary.summary}</p>}
          </>}
      {diary.origin === 'FALLBACK' && <p class="aside">{t.fallback}</p>}
      {kinds.filter((kind) => kind !== 'SUMMARY').map((kind) => (
        <section>
          <h2>{t.kinds[kind] ?? kind}</h2>
          <ul class="lines">
            {diary.lines.filter((line) => line.kind === kind).map((line) => (
              <li key={line.id} class={line.hidden ? 'gone' : ''}>
                {editing === line.id && !isCopy
                  ? <LineForm text={line.text} busy={busy} save={(text) => void change({ lines: [{ id: line.id, text }] })} cancel={() => setEditing('')} />
                  : <div><Traced text={line.text} evidence={line.evidence} />{line.byPerson && <p class="aside">{t.byHand}</p>}</div>}
                {editing !== line.id && !isCopy && <span class="acts">
                  <button type="button" class="plain" disabled={busy} data-edit aria-label={`${t.edit}: ${line.text}`} onClick={() => setEditing(line.id)}>{t.edit}</button>
                  <button type="button" class="plain" disabled={busy} aria-label={`${line.hidden ? t.show : t.hide}: ${line.text}`} onClick={() => void change({ lines: [{ id: line.id, hidden: !line.hidden }] })}>{line.hidden ? t.show : t.hide}</button>
                  <DeleteButton label={t.deleteMessage} name={line.text} busy={busy} preview={() => wouldDelete(line.id)} act={() => void change({ lines: [{ id: line.id, deleted: true }] })} />
                </span>}
              </li>
            ))}
          </ul>
        </section>
      ))}
      <p class="row aside ends"><span>{t.versions(diary.version)}</span>
        {!isCopy && <>
          {diary.version > 1 && <button type="button" class="plain" aria-expanded={isLooking} onClick={() => setLooking(!isLooking)}>{t.showVersions}</button>}
          <button type="button" class="plain" disabled={busy} title={t.writeHint} onClick={() => void act(async () => {
            const { version } = await write(diary.date);
            await reload();
            return version === diary.version ? t.writtenSame : t.writtenAgain;
          })}>{t.writeAgain}</button>
          <DeleteButton label={t.forgetDay} busy={busy} preview={async () => {
            const { receipt } = settle((await run(ForgetDayDocument, { input: { id: diary.id, dryRun: true } })).diaryDelete);
            return t.takes(receipt.linesRemoved, receipt.valuesRemoved);
          }} act={() => void act(async () => {
            const { receipt } = settle((await run(ForgetDayDocument, { input: { id: diary.id } })).diaryDelete);
            await reload();
            return t.receipt(receipt.linesRemoved, receipt.valuesRemoved);
          })} />
        </>}</p>
      {isLooking && diary.version > 1 && !isCopy && <Versions key={diary.version} id={diary.id} current={diary.version} busy={busy} take={(summary, mood) => void change({ summary, mood })} />}
    </>
  );
}

function LineForm({ text, busy, save, cancel }: { text: string; busy: boolean; save: (text: string) => void; cancel: () => void }) {
  const t = texts();
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <form class="words-form" data-held onSubmit={(event) => { event.preventDefault(); save(field.current!.value.replace(/\s*\n\s*/g, ' ').trim()); }} onKeyDown={onEscape(cancel)}>
      <textarea name="text" ref={field} rows={2} maxLength={600} aria-label={t.lineText} defaultValue={text} />
      <p class="row"><button class="main" disabled={busy}>{t.save}</button> <button type="button" class="plain" onClick={cancel}>{t.cancel}</button></p>
    </form>
  );
}

/** The day's summary, mood and tags; only what is changed is sent, because it is kept from then on. */
function SummaryForm({ diary, busy, change, cancel }: { diary: WrittenFragment; busy: boolean; change: Change; cancel: () => void }) {
  const t = texts();
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const submit = (form: FormData) => {
    const summary = String(form.get('summary')).trim() || null, mood = Number(form.get('mood')) || null, tags = tagsOf(String(form.get('tags')));
    void change({
      ...(summary === (diary.summary ?? null) ? {} : { summary }), ...(mood === (diary.mood ?? null) ? {} : { mood }), ...(tags.join('\n') === diary.tags.join('\n') ? {} : { tags }),
    });
  };
  return (
    <form class="words-form" data-held onSubmit={(event) => { event.preventDefault(); submit(new FormData(event.currentTarget)); }} onKeyDown={onEscape(cancel)}>
      <label>{t.summary}<textarea name="summary" ref={field} rows={5} maxLength={5000} defaultValue={diary.summary ?? ''} aria-describedby="summary-hint" /></label>
      <p class="aside" id="summary-hint">{t.summaryHint}</p>
      <div class="pair">
        <label>{t.moodLabel}<select name="mood">{t.moods.map((name, mood) => <option value={mood} selected={mood === (diary.mood ?? 0)}>{mood ? `${mood} · ${name}` : t.noMood}</option>)}</select></label>
        <label>{t.tags}<input name="tags" defaultValue={diary.tags.join(', ')} aria-describedby="day-tags-hint" /></label>
      </div>
      <p class="row"><button class="main" disabled={busy}>{t.save}</button> <button type="button" class="plain" onClick={cancel}>{t.cancel}</button> <span class="aside" id="day-tags-hint">{t.tagsHint}</span></p>
    </form>
  );
}

type Version = Extract<NonNullable<DayVersionsQuery['node']>, { __typename: 'Diary' }>['versions'][number];

/** What the diary was before, and the way back to a summary and mood. */
function Versions({ id, current, busy, take }: { id: string; current: number; busy: boolean; take: (summary: string | null, mood: number | null) => void }) {
  const t = texts();
  const loaded = useQuery(DayVersionsDocument, { id });
  if (!loaded.data) return <Waiting of={loaded} />;
  const versions: readonly Version[] = loaded.data.node?.__typename === 'Diary' ? loaded.data.node.versions : [];
  return (
    <ul class="list" aria-label={t.showVersions}>
      {versions.map((one) => (
        <li key={one.id}>
          <details>
            <summary>{t.versions(one.version)} · {moment(one.createdAt, viewer()?.timeZone)} · {t.origins[one.origin] ?? one.origin}{one.version === current && ` · ${t.versionNow}`}</summary>
            {one.mood != null && <p class="aside">{t.mood(one.mood)}</p>}
            {one.summary ? <p class="words">{one.summary}</p> : <p class="aside">{t.noSummary}</p>}
            {one.version !== current && one.summary && <p><button type="button" disabled={busy} aria-label={`${t.useVersion}: ${t.versions(one.version)}`} onClick={() => take(one.summary ?? null, one.mood ?? null)}>{t.useVersion}</button></p>}
            <h3>{t.wereLines}</h3>
            <ul>{one.lines.filter((line) => line.kind !== 'SUMMARY').map((line) => <li class={line.hidden ? 'quiet' : ''}>{t.kinds[line.kind] ?? line.kind}: <span class="words">{line.text}</span>{line.hidden && ` (${t.hiddenLine})`}</li>)}</ul>
          </details>
        </li>
      ))}
    </ul>
  );
}
