import { useState } from 'preact/hooks';
import { run, settle, viewer } from '../api';
import {
  CancelRunDocument, EarlierRunsDocument, FailedItemsDocument, NightsDocument, RetryRunDocument, StartRunDocument, SwitchModelOffDocument, SwitchModelOnDocument, type Job, type NightsQuery,
} from '../generated/graphql';
import { useMore } from '../pages';
import { Notice, useAction, useQuery, Waiting } from '../parts';
import { Bars } from '../plot';
import { day, moment, number, texts } from '../texts';

const DAYS = 14; // of usage
const JOBS: Job[] = ['DAILY_DIARY', 'DAILY_PROFILE', 'WEEKLY_PROFILE'];

export default function Nights() {
  const t = texts();
  return <div><h1>{t.nights}</h1>{viewer()?.role === 'ADMIN' ? <Overview /> : <p class="empty">{t.onlyAdmins}</p>}</div>;
}

const earlier = (date: string, days: number) => new Date(Date.parse(date) - days * 86_400_000).toISOString().slice(0, 10);
const money = (costs: readonly { amount: number; currency: string }[]) => costs.map((one) => `${number(one.amount, one.amount < 1 ? 4 : 2)} ${one.currency}`).join(' + ') || '–';
/** A code in the reader's language, with what to do; the code stays beside it, since the guide and the log have it. */
const Cause = ({ code }: { code: string | null | undefined }) => (code ? <>{texts().causes[code]} <code>{code}</code></> : null);
const provider = (one: { providerStatus?: number | null; providerCode?: string | null; providerMessage?: string | null }) => [one.providerStatus, one.providerCode, one.providerMessage].filter((part) => part != null && part !== '').join(' · ');

type Act = ReturnType<typeof useAction>['act'];

function Overview() {
  const t = texts();
  const to = viewer()!.today, from = earlier(to, DAYS - 1);
  const loaded = useQuery(NightsDocument, { from, to });
  const { act, busy, error, done } = useAction();
  const [opened, setOpened] = useState('');
  const runs = useMore(loaded.data?.jobRuns, (one) => one.id, async (after) => (await run(EarlierRunsDocument, { after })).jobRuns);
  if (!loaded.data) return <Waiting of={loaded} />;
  const { nights } = loaded.data;
  const change = (what: () => Promise<unknown>, said = t.saved) => void act(async () => { try { await what(); } finally { await loaded.reload(); } return said; }); // a refusal may be about a run that has ended since
  return (
    <>
      <Notice error={error} done={done} />
      <Pauses pauses={nights?.pauses ?? []} busy={busy} act={act} reload={loaded.reload} />
      <section>
        <h2>{t.queue}</h2>
        <div class="wide" tabIndex={0}><table class="plain">
          <thead><tr><th scope="col">{t.job}</th><th scope="col">{t.due}</th><th scope="col">{t.running}</th><th scope="col">{t.failed}</th><th scope="col">{t.duration}</th></tr></thead>
          <tbody>{nights?.jobs.map((one) => <tr><th scope="row">{t.jobs[one.job] ?? one.job}</th><td>{one.due}{one.oldestDueAt && <span class="aside"> {t.since(moment(one.oldestDueAt))}</span>}</td><td>{one.running}</td><td>{one.failed}</td>
            <td>{one.p50Ms == null ? '–' : t.seconds(number(one.p50Ms / 1000, 1), number((one.p95Ms ?? one.p50Ms) / 1000, 1))}</td></tr>)}</tbody>
        </table></div>
        <Start busy={busy} act={act} reload={loaded.reload} />
      </section>
      <section><h2>{t.failures}</h2>{nights?.failures.length ? <ul class="list">{nights.failures.map((one) => <li><strong>{t.jobs[one.job] ?? one.job}</strong> · {t.failedItems(one.items)} · <Cause code={one.errorCode} /><p>{one.error}</p>{provider(one) && <p class="aside">{provider(one)}</p>}</li>)}</ul> : <p class="quiet">{t.noFailures}</p>}</section>
      <Usage data={loaded.data} from={from} />
      <section><h2>{t.runs}</h2>
        {runs.nodes.length ? <div class="wide" tabIndex={0}><table class="plain runs">
          <thead><tr><th scope="col">{t.started}</th><th scope="col">{t.job}</th><th scope="col">{t.status}</th><th scope="col">{t.items}</th><th scope="col">{t.tokens}</th><th scope="col">{t.cost}</th></tr></thead>
          <tbody>{runs.nodes.map((one) => <>
            <tr key={one.id}>
              <td>{moment(one.startedAt)}</td><td>{one.job ? t.jobs[one.job] : t.allJobs}</td>
              <td>{t.runStatuses[one.status] ?? one.status}{one.stoppedBecause && one.stoppedBecause !== one.status && <span class="aside"> <Cause code={one.stoppedBecause} /></span>}
                {one.status === 'RUNNING' && (one.cancelRequestedAt ? <span class="aside"> {t.cancelling}</span> : <> <button type="button" class="plain" disabled={busy} onClick={() => change(async () => settle((await run(CancelRunDocument, { input: { id: one.id } })).jobRunCancel), t.runCancelled)}>{t.cancelRun}</button></>)}
                {one.counts.failed > 0 && <> <button type="button" class="plain" aria-expanded={opened === one.id} onClick={() => setOpened(opened === one.id ? '' : one.id)}>{t.failedItems(one.counts.failed)}</button>
                  {one.status !== 'RUNNING' && <> <button type="button" class="plain" disabled={busy} onClick={() => change(async () => settle((await run(RetryRunDocument, { input: { id: one.id } })).jobRunRetry), t.retried)}>{t.retryRun}</button></>}</>}</td>
              <td>{one.counts.succeeded}/{one.counts.total}{one.counts.pending > 0 && <span class="aside"> {t.waiting(one.counts.pending)}</span>}</td><td>{number(one.tokens)}</td><td>{money(one.costs)}</td>
            </tr>
            {opened === one.id && <tr key={`${one.id} items`}><td colSpan={6}><FailedItems id={one.id} /></td></tr>}
          </>)}</tbody>
        </table></div> : <p class="quiet">{t.noRuns}</p>}
        {runs.button}
      </section>
    </>
  );
}

function FailedItems({ id }: { id: string }) {
  const t = texts();
  const loaded = useQuery(FailedItemsDocument, { id });
  const items = useMore(loaded.data?.jobRun?.items, (one) => `${one.user.id} ${one.job} ${one.period}`, async (after) => (await run(FailedItemsDocument, { id, after })).jobRun?.items);
  if (!loaded.data) return <Waiting of={loaded} />;
  return (
    <><ul class="list reasons">
      {items.nodes.map((one) => <li>{one.user.email} · {t.jobs[one.job] ?? one.job} · {day(one.period, { dateStyle: 'medium' })} · {t.attempts(one.attempts)} <Cause code={one.errorCode} /><p>{one.error}</p>{provider(one) && <p class="aside">{provider(one)}</p>}</li>)}
    </ul>{items.button}</>
  );
}

/** Start what is due now; the first press says how much it is. */
function Start({ busy, act, reload }: { busy: boolean; act: Act; reload: () => Promise<void> }) {
  const t = texts();
  const [job, setJob] = useState<Job>('DAILY_DIARY');
  const [estimate, setEstimate] = useState('');
  const start = async (dryRun: boolean) => settle((await run(StartRunDocument, { input: { job, dryRun } })).jobRunStart);
  return (
    <p class="row">
      <label class="row">{t.job} <select class="short" value={job} onChange={(event) => { setJob(event.currentTarget.value as Job); setEstimate(''); }}>{JOBS.map((one) => <option value={one} selected={one === job}>{t.jobs[one]}</option>)}</select></label>
      {!estimate ? <button type="button" disabled={busy} onClick={() => void act(async () => {
        const found = await start(true);
        setEstimate(t.estimate(found.planned, number(found.estimatedTokens), found.estimatedCost == null ? '' : `${number(found.estimatedCost, 4)} ${found.currency ?? ''}`));
      })}>{t.startRun}</button> : <>
        <span role="status">{estimate}</span>
        <button type="button" class="main" disabled={busy} onClick={() => void act(async () => { setEstimate(''); const found = await start(false); await reload(); return t.startedRun(found.planned); })}>{t.startNow}</button>
        <button type="button" class="plain" onClick={() => setEstimate('')}>{t.cancel}</button></>}
    </p>
  );
}

function Pauses({ pauses, busy, act, reload }: { pauses: NonNullable<NightsQuery['nights']>['pauses']; busy: boolean; act: Act; reload: () => Promise<void> }) {
  const t = texts();
  const isOff = pauses.some((one) => one.kind === 'SWITCH');
  return (
    <section>
      <h2>{t.model}</h2>
      {pauses.length ? <ul class="list">{pauses.map((one) => <li><strong>{t.pauseKinds[one.kind] ?? one.kind}</strong>: {one.kind === 'MODEL' ? <Cause code={one.reason} /> : one.reason} <span class="aside">{t.since(moment(one.since))}{one.probeAt && ` · ${t.probe(moment(one.probeAt))}`}</span>{provider(one) && <p class="aside">{provider(one)}</p>}</li>)}</ul>
        : <p class="quiet">{t.modelOn}</p>}
      <form class="row" onSubmit={(event) => {
        event.preventDefault();
        const target = event.currentTarget;
        const reason = String(new FormData(target).get('reason'));
        void act(async () => {
          if (isOff) settle((await run(SwitchModelOnDocument, { input: { reason } })).modelSwitchOn);
          else settle((await run(SwitchModelOffDocument, { input: { reason } })).modelSwitchOff);
          target.reset();
          await reload();
          return isOff ? t.modelSwitchedOn : t.modelSwitchedOff;
        });
      }}>
        <label class="row">{t.reason} <input class="short" name="reason" required maxLength={500} /></label> <button class={isOff ? 'main' : 'danger'} disabled={busy}>{isOff ? t.switchModelOn : t.switchModelOff}</button>
      </form>
    </section>
  );
}

function Usage({ data, from }: { data: NightsQuery; from: string }) {
  const t = texts();
  const usage = data.usage ?? [];
  const days = Array.from({ length: DAYS }, (_, index) => earlier(from, -index));
  const sum = (of: (one: (typeof usage)[number]) => number) => days.map((date) => usage.filter((one) => one.day === date).reduce((all, one) => all + of(one), 0));
  const currencies = [...new Set(usage.flatMap((one) => one.costs.map((cost) => cost.currency)))];
  const people = data.usageByPerson?.nodes ?? [];
  return (
    <section>
      <h2>{t.usage(DAYS)}</h2>
      <Bars title={t.tokens} days={days} format={(value) => number(value)} series={[{ label: t.inputTokens, values: sum((one) => one.inputTokens) }, { label: t.outputTokens, values: sum((one) => one.outputTokens) }]} />
      <Bars title={t.modelCalls} days={days} format={(value) => number(value)} series={[{ label: t.callsGood, values: sum((one) => one.calls - one.failedCalls) }, { label: t.failed, values: sum((one) => one.failedCalls) }]} />
      {currencies.map((currency) => <Bars title={t.cost} days={days} format={(value) => `${number(value, value < 1 ? 4 : 2)} ${currency}`}
        series={[{ label: t.cost, values: sum((one) => one.costs.filter((cost) => cost.currency === currency).reduce((all, cost) => all + cost.amount, 0)) }]} />)}
      {!currencies.length && usage.length > 0 && <p class="quiet">{t.noPrice}</p>}
      {people.length > 0 && <div class="wide" tabIndex={0}><table class="plain">
        <thead><tr><th scope="col">{t.email}</th><th scope="col">{t.modelCalls}</th><th scope="col">{t.tokens}</th><th scope="col">{t.cost}</th></tr></thead>
        <tbody>{people.map((one) => <tr><th scope="row">{one.user.email}</th><td>{number(one.calls)}</td><td>{number(one.inputTokens + one.outputTokens)}</td><td>{money(one.costs)}</td></tr>)}</tbody>
      </table></div>}
    </section>
  );
}
