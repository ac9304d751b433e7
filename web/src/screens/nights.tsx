import { run, settle, viewer } from '../api';
import { NightsDocument, RetryRunDocument } from '../generated/graphql';
import { Notice, useAction, useQuery, Waiting } from '../parts';
import { moment, number, texts } from '../texts';

export default function Nights() {
  const t = texts();
  return <div><h1>{t.nights}</h1>{viewer()?.role === 'ADMIN' ? <Overview /> : <p class="empty">{t.onlyAdmins}</p>}</div>;
}

function Overview() {
  const t = texts();
  const loaded = useQuery(NightsDocument);
  const { act, busy, error, done } = useAction();
  if (!loaded.data) return <Waiting of={loaded} />;
  const { nights, jobRuns } = loaded.data;
  return (
    <>
      <section class="wide"><table class="plain">
        <thead><tr><th scope="col">{t.job}</th><th scope="col">{t.due}</th><th scope="col">{t.running}</th><th scope="col">{t.failed}</th></tr></thead>
        <tbody>{nights?.jobs.map((one) => <tr><th scope="row">{one.job}</th><td>{one.due}</td><td>{one.running}</td><td>{one.failed}</td></tr>)}</tbody>
      </table></section>
      <section><h2>{t.failures}</h2>{nights?.failures.length ? <ul class="list">{nights.failures.map((one) => <li>{one.job} · {one.errorCode} · {one.items}<p class="aside">{one.error}</p></li>)}</ul> : <p class="quiet">{t.noFailures}</p>}</section>
      {nights?.pauses.length ? <section><h2>{t.pauses}</h2><ul>{nights.pauses.map((one) => <li>{one.kind} · {one.reason} · {moment(one.since)}</li>)}</ul></section> : null}
      <section class="wide"><h2>{t.runs}</h2>
        <Notice error={error} done={done} />
        {jobRuns?.nodes.length ? <table class="plain">
          <thead><tr><th scope="col">{t.started}</th><th scope="col">{t.job}</th><th scope="col">{t.status}</th><th scope="col">{t.items}</th><th scope="col">{t.tokens}</th><th scope="col">{t.cost}</th></tr></thead>
          <tbody>{jobRuns.nodes.map((one) => <tr>
            <td>{moment(one.startedAt)}</td><td>{one.job ?? '–'}</td>
            <td>{one.status} {one.counts.failed > 0 && one.status !== 'RUNNING' && <button type="button" class="plain" disabled={busy} onClick={() => void act(async () => { settle((await run(RetryRunDocument, { input: { id: one.id } })).jobRunRetry); await loaded.reload(); return t.saved; })}>{t.retryRun}</button>}</td>
            <td>{one.counts.succeeded}/{one.counts.total}</td><td>{number(one.tokens)}</td><td>{one.cost == null ? '–' : `${number(one.cost, 4)} ${one.currency ?? ''}`}</td></tr>)}</tbody>
        </table> : <p class="quiet">{t.noRuns}</p>}
      </section>
    </>
  );
}
