import { useState } from 'preact/hooks';
import { run, viewer } from '../api';
import { FindDocument, type FindQuery } from '../generated/graphql';
import { go, labelOf, Link, Notice, toMessage, useAction, useQuery, Waiting } from '../parts';
import { day, moment, texts } from '../texts';

export default function Find({ search }: { search: URLSearchParams }) {
  const t = texts();
  const words = search.get('q') ?? '';
  return (
    <div>
      <form role="search" class="row" onSubmit={(event) => { event.preventDefault(); go(`/find?q=${encodeURIComponent(String(new FormData(event.currentTarget).get('q')))}`); }}>
        <h1 class="hidden">{t.find}</h1>
        <input name="q" type="search" aria-label={t.searchFor} placeholder={t.searchFor} defaultValue={words} key={words} required /> <button class="main">{t.find}</button>
      </form>
      {words ? <Found key={words} words={words} /> : <p class="empty words">{t.searchEmpty}</p>}
    </div>
  );
}

const fold = (text: string): string => text.normalize('NFKC').toLowerCase();
/** Whether each word of the search is in a text of the profile, which is small enough to be looked through here. */
const has = (text: string, words: string): boolean => fold(words).split(/\s+/).filter(Boolean).every((word) => fold(text).includes(word));

function Found({ words }: { words: string }) {
  const t = texts();
  const loaded = useQuery(FindDocument, { words, after: null });
  const [more, setMore] = useState<NonNullable<FindQuery['messageSearch']>[]>([]);
  const { act, busy, error } = useAction();
  if (!loaded.data) return <Waiting of={loaded} />;
  const diaries = loaded.data.diaries?.nodes ?? [];
  const pages = [...(loaded.data.messageSearch ? [loaded.data.messageSearch] : []), ...more];
  const messages = [...new Map(pages.flatMap((page) => page.nodes).map((one) => [one.id, one])).values()]; // the first page may have been loaded again
  const last = pages.at(-1)?.pageInfo;
  const { profile, profileSlots } = loaded.data;
  const values = (profile?.sections ?? []).flatMap((section) => section.values).map((value) => ({ ...value, label: labelOf(profileSlots, value) })).filter((value) => has(`${value.label} ${t.said(value.polarity, value.value)}`, words));
  if (!messages.length && !diaries.length && !values.length) return <p class="empty" role="status">{t.nothingFound}</p>;
  return (
    <>
      {values.length > 0 && <section><h2>{t.profile}</h2><ul class="list">{values.map((value) => <li><Link to={`/you/${encodeURIComponent(value.id)}`}>{value.label}</Link> <span class="words">{t.said(value.polarity, value.value)}</span></li>)}</ul></section>}
      {diaries.length > 0 && <section><h2>{t.diaries}</h2><ul class="list">{diaries.map((one) => <li><Link to={`/days/${one.date}`}>{day(one.date, { dateStyle: 'long' })}</Link><p class="words">{one.summary}</p></li>)}</ul></section>}
      {messages.length > 0 && <section><h2>{t.messages}</h2><ul class="list">{messages.map((one) => (
        <li><Link to={toMessage(one)}>{moment(one.createdAt, viewer()?.timeZone)} · {one.role === 'USER' ? t.memberYou : t.memberIt}</Link><p class={one.role === 'USER' ? 'words' : 'told'}>{one.content.length > 300 ? `${one.content.slice(0, 300)}…` : one.content}</p></li>))}</ul></section>}
      {last?.hasNextPage && <button type="button" disabled={busy} onClick={() => void act(async () => {
        const next = (await run(FindDocument, { words, after: last.endCursor ?? null })).messageSearch;
        if (next) setMore([...more, next]);
      })}>{t.more}</button>}
      <Notice error={error} />
    </>
  );
}
