import { RecapDocument, type RecapPeriod, type RecapQuery } from '../generated/graphql';
import { here, Link, Traced, useQuery, Waiting } from '../parts';
import { day, days, number, texts } from '../texts';

const PERIODS: readonly RecapPeriod[] = ['WEEK', 'MONTH', 'YEAR'];
const move = (date: string, days: number) => new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);

export default function Recap({ parts }: { parts: string[] }) {
  const t = texts();
  const period = PERIODS.find((one) => one === parts[0]?.toUpperCase()) ?? 'WEEK';
  const containing = /^\d{4}-\d\d-\d\d$/.test(parts[1] ?? '') ? parts[1]! : here();
  const loaded = useQuery(RecapDocument, { period, containing });
  const found = loaded.data?.recap;
  const names = { WEEK: t.week, MONTH: t.month, YEAR: t.year };
  const to = (date: string) => `/back/${period.toLowerCase()}/${date}`;
  return (
    <div>
      <header class="bar">
        <h1>{t.back}</h1>
        <span class="row">{PERIODS.map((one) => <Link to={`/back/${one.toLowerCase()}/${containing}`} aria-current={one === period ? 'page' : undefined}>{names[one]}</Link>)}</span>
      </header>
      {found && <p class="bar"><Link to={to(move(found.from, -1))}>‹ {t.earlierPeriod}</Link> <span>{days(found.from, found.to)}</span> <Link to={to(move(found.to, 1))}>{t.laterPeriod} ›</Link></p>}
      {found ? <Told found={found} /> : <Waiting of={loaded} />}
    </div>
  );
}

function Told({ found }: { found: NonNullable<RecapQuery['recap']> }) {
  const t = texts();
  if (!found.entryCount) return <p class="empty words">{t.recapEmpty}</p>;
  const mentions = (title: string, list: typeof found.topActivities) => list.length > 0 && (
    <section><h2>{title}</h2><ul>{list.map((one) => <li><span class="words">{one.text}</span> <Link to={`/days/${one.lastDate}`} class="aside">{t.dayCount(one.dayCount)}</Link></li>)}</ul></section>
  );
  return (
    <>
      <p class="aside">{t.entries(found.entryCount)} · {t.messagesThatDay(found.messageCount)}{found.averageMood != null && ` · ${t.averageMood(number(found.averageMood, 1))}`}</p>
      {found.highlights.length > 0 && <section><h2>{t.highlights}</h2><ul class="lines">{found.highlights.map((one) => <li><Traced text={one.line.text} evidence={one.line.evidence} /> <Link to={`/days/${one.date}`} class="aside">{day(one.date, { month: 'short', day: 'numeric' })}</Link></li>)}</ul></section>}
      {mentions(t.activities, found.topActivities)}
      {mentions(t.feelings, found.topEmotions)}
    </>
  );
}
