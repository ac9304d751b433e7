import { useState } from 'preact/hooks';
import { run, settle } from '../api';
import { isDevelopment, passNight } from '../development';
import { DayDocument, EditDayDocument, ForgetDayDocument, type DayQuery, type DiaryLineInput, type WrittenFragment } from '../generated/graphql';
import { DeleteButton, Link, Notice, Traced, useAction, useQuery, Waiting } from '../parts';
import { day, diaryTime, texts } from '../texts';

/** Today in the machine's zone, as a first guess; the page goes on with the person's own days. */
export const here = (): string => new Date().toLocaleDateString('sv');

export default function Days({ parts }: { parts: string[] }) {
  const date = /^\d{4}-\d\d-\d\d$/.test(parts[0] ?? '') ? parts[0]! : here();
  const [shown, setShown] = useState(date.slice(0, 7));
  const [opened, setOpened] = useState(date);
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
        <div class="bar">
          <button type="button" aria-label={t.previousMonth} onClick={() => turn(-1)}>‹</button>
          <h2>{day(`${shown}-01`, { year: 'numeric', month: 'long' })}</h2>
          <button type="button" aria-label={t.nextMonth} onClick={() => turn(1)}>›</button>
        </div>
        <Calendar year={year} month={month} date={date} data={loaded.data} />
        {loaded.data?.diaryStats && <p class="aside">
          {t.entries(loaded.data.diaryStats.entryCount)} · {t.streak(loaded.data.diaryStats.currentStreak)} · {t.longest(loaded.data.diaryStats.longestStreak)}
        </p>}
      </aside>
      <div class="day">
        <h1>{day(date)}</h1>
        {loaded.data ? <Day key={date} date={date} data={loaded.data} isCopy={loaded.isCopy} reload={loaded.reload} /> : <Waiting of={loaded} />}
      </div>
    </div>
  );
}

function Calendar({ year, month, date, data }: { year: number; month: number; date: string; data: DayQuery | null }) {
  const t = texts();
  const count = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const lead = (new Date(Date.UTC(year, month - 1, 1)).getUTCDay() + 6) % 7; // weeks begin on Monday
  const cells: (number | null)[] = [...Array<null>(lead).fill(null), ...Array.from({ length: count }, (_, index) => index + 1)];
  while (cells.length % 7) cells.push(null);
  const weeks = Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
  const noted = new Map(data?.diaryCalendar?.days.map((one) => [one.date, one]));
  const weekday = (index: number) => `2024-01-0${index + 1}`; // 2024 began on a Monday
  return (
    <table class="calendar">
      <thead><tr>{cells.slice(0, 7).map((_, index) => <th scope="col"><abbr title={day(weekday(index), { weekday: 'long' })}>{day(weekday(index), { weekday: 'narrow' })}</abbr></th>)}</tr></thead>
      <tbody>
        {weeks.map((week) => <tr>{week.map((number) => {
          if (number === null) return <td />;
          const cell = `${year}-${String(month).padStart(2, '0')}-${String(number).padStart(2, '0')}`;
          const found = noted.get(cell);
          const label = `${day(cell)}${found ? `, ${found.mood === null || found.mood === undefined ? t.noMood : t.mood(found.mood)}` : ''}`;
          return <td><Link to={`/days/${cell}`} aria-label={label} aria-current={cell === date ? 'date' : undefined}
            class={!found ? '' : found.mood == null ? 'none' : `m${Math.min(5, Math.max(1, Math.ceil(found.mood / 2)))}`}>{number}</Link></td>;
        })}</tr>)}
      </tbody>
    </table>
  );
}

function Day({ date, data, isCopy, reload }: { date: string; data: DayQuery; isCopy: boolean; reload: () => Promise<void> }) {
  const t = texts();
  const { act, busy, error, done } = useAction();
  const found = data.day;
  const diary = found?.diary;
  const isToday = data.viewer?.today === date;
  return (
    <>
      {found && <p class="aside">{t.messagesThatDay(found.messageCount)}
        {found.conversations.map((one) => <> · <Link to={`/chat/${encodeURIComponent(one.id)}`}>{one.title ?? t.untitled}</Link></>)}</p>}
      {found && t.states[found.state] && !diary && <p class="empty">{t.states[found.state]}{found.state === 'RUNNING' && ` ${diaryTime(data.viewer?.nextNightAt, data.viewer?.timeZone, data.diaryStats?.entryCount === 0)}`}</p>}
      {diary && <Written diary={diary} isCopy={isCopy} reload={reload} />}
      {isDevelopment && isToday && !isCopy && <p class="row"><button type="button" disabled={busy} onClick={() => void act(async () => { await passNight(date); await reload(); return t.nightDone; })}>{t.nightPass}</button> <span class="aside">{t.nightHint}</span></p>}
      <Notice error={error} done={done} />
      {data.diariesOnThisDay?.length ? <section><h2>{t.onThisDay}</h2><ul class="list">{data.diariesOnThisDay.map((one) => <li><Link to={`/days/${one.date}`}>{day(one.date, { dateStyle: 'long' })}</Link> <span class="words">{one.summary}</span></li>)}</ul></section> : null}
    </>
  );
}

function Written({ diary, isCopy, reload }: { diary: WrittenFragment; isCopy: boolean; reload: () => Promise<void> }) {
  const t = texts();
  const { act, busy, error, done } = useAction();
  const [editing, setEditing] = useState('');
  const change = (line: DiaryLineInput) => act(async () => {
    settle((await run(EditDayDocument, { input: { id: diary.id, lines: [line] } })).diaryUpdate);
    setEditing('');
    await reload();
  });
  const kinds = [...new Set(diary.lines.map((line) => line.kind))];
  return (
    <>
      {diary.mood != null && <p class="aside">{t.mood(diary.mood)}</p>}
      {diary.summary && <p class="words summary">{diary.summary}</p>}
      {diary.origin === 'FALLBACK' && <p class="aside">{t.fallback}</p>}
      {kinds.filter((kind) => kind !== 'SUMMARY').map((kind) => (
        <section>
          <h2>{t.kinds[kind] ?? kind}</h2>
          <ul class="lines">
            {diary.lines.filter((line) => line.kind === kind).map((line) => (
              <li key={line.id} class={line.hidden ? 'gone' : ''}>
                {editing === line.id && !isCopy
                  ? <form class="row" data-held onSubmit={(event) => { event.preventDefault(); void change({ id: line.id, text: String(new FormData(event.currentTarget).get('text')) }); }}>
                      <input name="text" aria-label={t.lineText} defaultValue={line.text} /> <button class="main" disabled={busy}>{t.save}</button> <button type="button" class="plain" onClick={() => setEditing('')}>{t.cancel}</button>
                    </form>
                  : <div><Traced text={line.text} evidence={line.evidence} />{line.byPerson && <span class="aside"> · {t.byHand}</span>}</div>}
                {editing !== line.id && !isCopy && <span>
                  <button type="button" class="plain" disabled={busy} aria-label={`${t.edit}: ${line.text}`} onClick={() => setEditing(line.id)}>{t.edit}</button>
                  <button type="button" class="plain" disabled={busy} aria-label={`${line.hidden ? t.show : t.hide}: ${line.text}`} onClick={() => void change({ id: line.id, hidden: !line.hidden })}>{line.hidden ? t.show : t.hide}</button>
                </span>}
              </li>
            ))}
          </ul>
        </section>
      ))}
      <Notice error={error} done={done} />
      <p class="row aside"><span>{t.versions(diary.version)}</span>
        {!isCopy && <DeleteButton label={t.forgetDay} busy={busy} act={() => void act(async () => {
          const { receipt } = settle((await run(ForgetDayDocument, { input: { id: diary.id } })).diaryDelete);
          await reload();
          return t.receipt(receipt.linesRemoved, receipt.valuesRemoved);
        })} />}</p>
    </>
  );
}
