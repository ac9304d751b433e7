// Where the user is signed in: a part of the settings.
import { run, settle, signOut } from '../api';
import { EndSessionDocument, SessionsDocument, SignOutEverywhereDocument } from '../generated/graphql';
import { useMore } from '../pages';
import { Notice, useAction, useQuery, Waiting } from '../parts';
import { moment, texts } from '../texts';

export function Sessions() {
  const t = texts();
  const loaded = useQuery(SessionsDocument, { after: null });
  const list = useMore(loaded.data?.sessions, (one) => one.id, async (after) => (await run(SessionsDocument, { after })).sessions);
  const { act, busy, error, done } = useAction();
  const end = (id: string) => void act(async () => {
    settle((await run(EndSessionDocument, { input: { id } })).sessionRevoke);
    list.drop(id);
    await loaded.reload();
    return t.signedOutThere;
  });
  const endOthers = () => void act(async () => {
    const { revokedSessions } = settle((await run(SignOutEverywhereDocument, { input: { keepCurrent: true } })).sessionRevokeAll);
    list.reset();
    await loaded.reload();
    return t.signedOutOthers(revokedSessions);
  });
  return (
    <>
      {loaded.data?.sessions ? (
        <ul class="list sessions">
          {list.nodes.map((one) => (
            <li class="bar" key={one.id}>
              <span>{one.clientName ?? t.namelessClient} <span class="aside">{one.current ? t.thisSession : t.sessionUsed(moment(one.lastUsedAt))} · {t.sessionSince(moment(one.createdAt))}</span></span>
              {!one.current && (
                <button type="button" class="plain" disabled={busy} aria-label={`${t.signOutThere}: ${one.clientName ?? t.namelessClient}, ${moment(one.createdAt)}`} onClick={() => end(one.id)}>{t.signOutThere}</button>
              )}
            </li>
          ))}
        </ul>
      ) : <Waiting of={loaded} />}
      {list.button}
      <p class="row"><button type="button" onClick={() => void signOut()}>{t.signOut}</button>
        <button type="button" disabled={busy} onClick={endOthers}>{t.signOutOthers}</button></p>
      <Notice error={error} done={done} />
    </>
  );
}
