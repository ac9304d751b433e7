import { useState } from 'preact/hooks';
import { run, viewer } from '../api';
import { excerpt } from '../excerpt';
import { FindDocument, type FindQuery, type MatchFragment } from '../generated/graphql';
import { go, labelOf, Link, Notice, toMessage, useAction, useQuery, Waiting } from '../parts';
import { day, moment, texts } from '../texts';

type Days = { from: string | null; to: string | null };

export default function Find({ search }: { search: URLSearchParams }) {
  const t = texts();
  const words = (search.get('q') ?? '').trim();
  const [from, to] = ['from', 'to'].map((name) => (/^\d{4}-\d\d-\d\d$/.test(search.get(name) ?? '') ? search.get(name) : null)) as [string | null, string | null];
  const submit = (form: HTMLFormElement) => {
    const given = [...new FormData(form)].filter(([, value]) => String(value).trim()) as [string, string][];
    go(`/find?${new URLSearchParams(given)}`);
  };
  return (
    <div>
      <form role="search" onSubmit={(event) => { event.preventDefault(); submit(event.currentTarget); }}>
        <h1 class="hidden">{t.find}</h1>
        <p class="row"><input name="q" type="search" aria-label={t.searchFor} placeholder={t.searchFor} defaultValue={words} key={words} maxLength={200} required /> <button class="main">{t.find}</button></p>
        <p class="row"><label class="row">{t.fromDay} <input name="from" type="date" class="date" max={to ?? undefined} defaultValue={from ?? ''} key={from} /></label> <label class="row">{t.toDay} <input name="to" type="date" class="date" min={from ?? undefined} defaultValue={to ?? ''} key={to} /></label></p>
      </form>
      {words ? <Found key={search.toString()} words={words} days={{ from, to }} /> : <p class="empty words">{t.searchEmpty}</p>}
    </div>
  );
}

const fold = (text: string): string => text.normalize('NFKC').toLowerCase();
/** Whether each word of the search is in a text of the profile, which is small enough to be looked through here. */
const has = (text: string, words: string): boolean => fold(words).split(/\s+/).filter(Boolean).every((word) => fold(text).includes(word));

/** A text with the found words marked; a long one only around them. */
const Marked = ({ text, matches }: { text: string; matches: readonly MatchFragment[] }) => (
  <>{excerpt(text, matches).map((part) => (part ? part.isMatch ? <mark>{part.text}</mark> : part.text : ' … '))}</>
);

/** A value in its sentence, such as "dislikes cilantro": only the value itself was searched. */
function Value({ text, value, matches }: { text: string; value: string; matches: readonly MatchFragment[] }) {
  const [before = '', ...after] = text.split(value);
  return <>{before}<Marked text={value} matches={matches} />{after.join(value)}</>;
}

function Found({ words, days }: { words: string; days: Days }) {
  const t = texts();
  const loaded = useQuery(FindDocument, { words, after: null, ...days });
  const [more, setMore] = useState<NonNullable<FindQuery['messageSearch']>[]>([]);
  const { act, busy, error } = useAction();
  if (!loaded.data) return <Waiting of={loaded} />;
  const diaries = loaded.data.diaries?.nodes ?? [];
  const pages = [...(loaded.data.messageSearch ? [loaded.data.messageSearch] : []), ...more];
  const messages = [...new Map(pages.flatMap((page) => page.nodes).map((one) => [one.id, one])).values()]; // the first page may have been loaded again
  const last = pages.at(-1)?.pageInfo;
  const { profile, profileSlots } = loaded.data;
  const isOneWord = !/\s/.test(words);
  const isLimited = days.from !== null || days.to !== null; // a value has no day
  const values = isLimited ? [] : (profile?.sections ?? []).flatMap((section) => section.values)
    .map((value) => ({ ...value, label: labelOf(profileSlots, value), text: t.said(value.polarity, value.value) }))
    .filter((value) => has(`${value.label} ${value.text}`, words) || (isOneWord && value.matches.length > 0));
  const count = t.foundCounts(values.length, diaries.length, pages[0]?.totalCount ?? 0);
  if (!messages.length && !diaries.length && !values.length) return <p class="empty" role="status">{t.nothingFound}</p>;
  return (
    <div class="hits">
      <p class="aside" role="status">{count}</p>
      {values.length > 0 && <section><h2>{t.profile}</h2><ul class="list">{values.map((value) => <li><Link to={`/you/${encodeURIComponent(value.id)}`}>{value.label}</Link> <span class="words"><Value {...value} /></span></li>)}</ul></section>}
      {diaries.length > 0 && <section><h2>{t.diaries}</h2><ul class="list">{diaries.map((one) => (
        <li><Link to={`/days/${one.date}`}>{day(one.date, { dateStyle: 'long' })}</Link>{one.summary && <p class="words"><Marked text={one.summary} matches={one.summaryMatches} /></p>}
          {one.lines.filter((line) => line.matches.length && !one.summary?.includes(line.text)).map((line) => <p class="words"><Marked text={line.text} matches={line.matches} /></p>)}</li>))}</ul></section>}
      {messages.length > 0 && <section><h2>{t.messages}</h2><ul class="list">{messages.map((one) => (
        <li><Link to={toMessage(one)}>{moment(one.createdAt, viewer()?.timeZone)} · {one.role === 'USER' ? t.memberYou : t.memberIt}</Link><p class={one.role === 'USER' ? 'words' : 'told'}><Marked text={one.content} matches={one.matches} /></p></li>))}</ul></section>}
      {last?.hasNextPage && <button type="button" disabled={busy} onClick={() => void act(async () => {
        const next = (await run(FindDocument, { words, after: last.endCursor ?? null, ...days })).messageSearch;
        if (next) setMore([...more, next]);
      })}>{t.more}</button>}
      <Notice error={error} />
    </div>
  );
}
