import { useRef, useState } from 'preact/hooks';
import { run, settle, viewer } from '../api';
import {
  LockValueDocument, ProfileDocument, ProfileThenDocument, RejectValueDocument, SetValueDocument, UnlockValueDocument, WhyDocument,
  type KnownFragment, type WhyQuery,
} from '../generated/graphql';
import { focus, go, here, labelOf, Link, Notice, onEscape, Quotes, slotOf, useAction, useQuery, Waiting } from '../parts';
import { dateOf, day, diaryTime, moment, number, texts } from '../texts';

type Value = KnownFragment['sections'][number]['values'][number];

export default function Profile({ parts }: { parts: string[] }) {
  const t = texts();
  const then = parts[0] === 'then' ? parts[1] : undefined;
  return (
    <div>
      <header class="bar">
        <h1>{t.you}</h1>
        <label class="row">{t.asOf} <input type="date" class="date" value={then ?? here()} max={here()} onChange={(event) => go(event.currentTarget.value && event.currentTarget.value < here() ? `/you/then/${event.currentTarget.value}` : '/you')} /></label>
      </header>
      {then ? <Then date={then} /> : <Now opened={parts[0] ?? ''} />}
    </div>
  );
}

const weight = (one: { confidence: number; locked: boolean }) => (one.locked ? 'w4' : one.confidence >= 0.75 ? 'w3' : one.confidence >= 0.5 ? 'w2' : 'w1');

function Then({ date }: { date: string }) {
  const t = texts();
  const loaded = useQuery(ProfileThenDocument, { date });
  if (!loaded.data) return <Waiting of={loaded} />;
  const sections = loaded.data.profileAsOf?.sections.filter((section) => section.values.length) ?? [];
  return (
    <div class="then">
      <p class="row">{t.asOfNote(day(date, { dateStyle: 'long' }))} <Link to="/you">{t.today}</Link></p>
      {!sections.length && <p class="empty">{t.profileEmpty}</p>}
      {sections.map((section) => (
        <section><h2>{t.sections[section.name] ?? section.name}</h2>
          {section.values.map((value) => <p class="value"><span class="slot">{labelOf(loaded.data!.profileSlots, value)}</span> <span class="said"><Polarity of={value} /><span class={`words text ${weight(value)}`}>{value.value}</span></span> <span class="aside">{t.confidence(Math.round(value.confidence * 100))}</span></p>)}
        </section>
      ))}
    </div>
  );
}

function Now({ opened }: { opened: string }) {
  const t = texts();
  const loaded = useQuery(ProfileDocument);
  const { act, busy, error, done } = useAction();
  if (!loaded.data) return <Waiting of={loaded} />;
  const { profile, profileSlots, viewer } = loaded.data;
  const sections = profile?.sections.filter((section) => section.values.length) ?? [];
  const take = (known: KnownFragment) => loaded.change({ ...loaded.data!, profile: known });
  return (
    <>
      {!sections.length && <p class="empty words">{t.profileEmpty}{t.space}{diaryTime(viewer?.nextNightAt, viewer?.timeZone, false)}</p>}
      {sections.map((section) => {
        const earlier = section.values.filter((value) => value.status === 'SUPERSEDED');
        const row = (value: Value, isAsked = false) => <Row key={value.id} value={value} label={labelOf(profileSlots, value)} isMany={slotOf(profileSlots, value)?.many ?? false} isOpen={opened === value.id} isAsked={isAsked} busy={busy} isCopy={loaded.isCopy} act={act} take={take} />;
        return (
          <section key={section.name}>
            <h2>{t.sections[section.name] ?? section.name}</h2>
            {inSlots(section.values.filter((value) => value.status !== 'SUPERSEDED')).map((values) => {
              const disputed = values.filter((value) => value.status === 'DISPUTED');
              return (
                <>
                  {disputed.length > 0 && <div class="ask" role="group" aria-label={labelOf(profileSlots, disputed[0]!)}>
                    <p>{disputed.length > 1 ? t.which : t.stillSo}</p>
                    {disputed.map((value) => row(value, disputed.length === 1))}
                  </div>}
                  {values.filter((value) => value.status !== 'DISPUTED').map((value) => row(value))}
                </>
              );
            })}
            {earlier.length > 0 && <details open={earlier.some((value) => value.id === opened)}><summary>{t.earlierValues(earlier.length)}</summary>{earlier.map((value) => row(value))}</details>}
          </section>
        );
      })}
      <Notice error={error} done={done} />
    </>
  );
}

/** The values of each slot together, in their order. */
function inSlots(values: readonly Value[]): Value[][] {
  const found = new Map<string, Value[]>();
  for (const value of values) {
    const key = `${value.slot} ${value.ownSlot?.id ?? ''}`;
    found.set(key, [...(found.get(key) ?? []), value]);
  }
  return [...found.values()];
}

type Act = ReturnType<typeof useAction>['act'];

/** A value; `isAsked` says that it is the only one of its slot that is disputed. */
function Row({ value, label, isMany, isOpen, isAsked, busy, isCopy, act, take }: {
  value: Value; label: string; isMany: boolean; isOpen: boolean; isAsked: boolean; busy: boolean; isCopy: boolean; act: Act; take: (known: KnownFragment) => void;
}) {
  const t = texts();
  const [isEditing, setEditing] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const close = () => {
    setEditing(false);
    requestAnimationFrame(() => opener.current?.focus()); // once it is not disabled any more
  };
  const input = { id: value.id };
  const time = [value.since ? t.since(dateOf(value.since)) : '', value.until ? t.until(dateOf(value.until)) : '', value.condition ?? ''];
  const notes = [...time, value.suggestedBy ? t.suggestedBy(value.suggestedBy) : value.status === 'DISPUTED' ? '' : t.statuses[value.status], value.locked ? t.locked : ''].filter(Boolean).join(' · ');
  const lock = (said: string) => void act(async () => { take(settle((await run(LockValueDocument, { input })).profileValueLock).profile); return said; });
  const reject = () => void act(async () => { take(settle((await run(RejectValueDocument, { input })).profileValueReject).profile); return t.rejected; });
  const isDisputed = value.status === 'DISPUTED', isSuggested = value.status === 'SUGGESTED';
  const named = (words: string) => `${words}: ${t.said(value.polarity, value.value)}`;
  const button = (words: string, what: () => void) => <button type="button" disabled={busy} aria-label={named(words)} onClick={what}>{words}</button>;
  return (
    <div class="value">
      <button type="button" aria-expanded={isOpen} onClick={() => go(isOpen ? '/you' : `/you/${encodeURIComponent(value.id)}`, true)}>
        <span class="slot">{label}</span> <span class="said"><Polarity of={value} /><span class={`words text ${weight(value)}`}>{value.value}</span></span> <span class="aside">{notes}{notes && ' · '}{t.why}</span>
      </button>
      {!isCopy && (isDisputed || isSuggested) && <p class="row">
        {button(isSuggested ? t.confirm : isAsked ? t.stillYes : t.thisOne, () => lock(t.settled))}
        {(isSuggested || isAsked) && button(isAsked ? t.stillNo : t.reject, reject)}
      </p>}
      {isOpen && (
        <div class="reasons">
          <Why id={value.id} confidence={value.confidence} />
          {!isCopy && <p class="row">
            {value.locked
              ? <button type="button" disabled={busy} onClick={() => void act(async () => { take(settle((await run(UnlockValueDocument, { input })).profileValueUnlock).profile); return t.unlockedNow; })}>{t.unlock}</button>
              : !isDisputed && !isSuggested && <button type="button" disabled={busy} onClick={() => lock(t.lockedNow)}>{t.lock}</button>}
            <button type="button" ref={opener} disabled={busy} aria-expanded={isEditing} onClick={() => setEditing(!isEditing)}>{t.correct}</button>
            {!isSuggested && !isAsked && <button type="button" disabled={busy} onClick={reject}>{t.reject}</button>}
          </p>}
          {isEditing && !isCopy && <form class="row" data-held onKeyDown={onEscape(close)} onSubmit={(event) => {
            event.preventDefault();
            const words = String(new FormData(event.currentTarget).get('value'));
            void act(async () => {
              // A slot with one value gives way to the new one; of a slot with several, the wrong one is named.
              const set = { slot: value.slot, value: words, ownSlotId: value.ownSlot?.id ?? null, ...(isMany && words.trim() !== value.value ? { replaces: value.id } : {}) };
              take(settle((await run(SetValueDocument, { input: set })).profileValueSet).profile);
              close();
              return t.valueSaved;
            });
          }}><input name="value" ref={focus} aria-label={t.newValue} maxLength={120} defaultValue={value.value} /> <button class="main" disabled={busy}>{t.save}</button></form>}
        </div>
      )}
    </div>
  );
}

const Polarity = ({ of }: { of: { polarity: string } }) => (texts().polarities[of.polarity] ? <span class="aside">{texts().polarities[of.polarity]} </span> : null);

function Why({ id, confidence }: { id: string; confidence: number }) {
  const t = texts();
  const loaded = useQuery(WhyDocument, { id });
  if (!loaded.data) return <Waiting of={loaded} />;
  const found = loaded.data.node;
  if (found?.__typename !== 'ProfileValue') return null;
  return (
    <>
      {found.evidence.length ? <Quotes of={found.evidence} /> : <p class="aside">{t.noEvidence}</p>}
      <Curve points={found.history} dates={found.evidence.map((one) => one.date)} confidence={confidence} />
      <div><h3>{t.changes}</h3>
        <ul>{found.changes.map((change) => <li class="aside">{[moment(change.at, viewer()?.timeZone), change.causeLabel, change.effectLabel].filter(Boolean).join(' · ')} · {change.confidenceBefore == null ? '' : `${Math.round(change.confidenceBefore * 100)} % → `}{change.confidenceAfter == null ? '' : `${Math.round(change.confidenceAfter * 100)} %`}</li>)}</ul>
      </div>
    </>
  );
}

type Points = Extract<NonNullable<WhyQuery['node']>, { __typename: 'ProfileValue' }>['history'];

/** A step line from 0 to 1, with a dot for each day on which something was said. */
function Curve({ points, dates, confidence }: { points: Points; dates: string[]; confidence: number }) {
  const t = texts();
  if (!points.length) return null;
  const from = Date.parse(points[0]!.date), to = Math.max(Date.parse(points.at(-1)!.date), from + 86_400_000);
  const x = (date: string) => 6 + ((Date.parse(date) - from) / (to - from)) * 340;
  const y = (value: number) => 62 - value * 54;
  const path = points.map((point, index) => (index ? `H${x(point.date).toFixed(1)}V${y(point.confidence).toFixed(1)}` : `M${x(point.date).toFixed(1)} ${y(point.confidence).toFixed(1)}`)).join('');
  const at = (date: string) => points.filter((point) => point.date <= date).at(-1)?.confidence ?? points[0]!.confidence;
  const label = `${t.curve}: ${points.filter((_, index) => index === 0 || index === points.length - 1).map((point) => `${point.date} ${number(point.confidence * 100)} %`).join(', ')}`;
  return (
    <svg class="curve" viewBox="0 0 420 84" role="img" aria-label={label}>
      <path class="axis" d="M6 62H346M6 8H346" />
      <path d={points.length > 1 ? path : `M6 ${y(points[0]!.confidence)}H346`} />
      {[...new Set(dates)].filter((date) => Date.parse(date) >= from && Date.parse(date) <= to).map((date) => <circle cx={x(date)} cy={y(at(date))} r="3.5" />)}
      <text x="354" y={y(confidence) + 4}>{Math.round(confidence * 100)} %</text>
      <text x="6" y="78">{day(points[0]!.date, { dateStyle: 'medium' })}</text>
    </svg>
  );
}
