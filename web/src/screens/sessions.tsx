// Where the user is signed in: a part of the settings.
import { run, settle, signOut } from '../api';
import { EndSessionDocument, SessionsDocument, SignOutEverywhereDocument } from '../generated/graphql';
import { Notice, useAction, useQuery, Waiting } from '../parts';
import { moment, texts } from '../texts';

export function Sessions() {
  const t = texts();
  const loaded = useQuery(SessionsDocument);
  const { act, busy, error, done } = useAction();
  const end = (id: string) => void act(async () => {
    settle((await run(EndSessionDocument, { input: { id } })).sessionRevoke);
    await loaded.reload();
    return t.signedOutThere;
  });
  const endOthers = () => void act(async () => {
    const { revokedSessions } = settle((await run(SignOutEverywhereDocument, { input: { keepCurrent: true } })).sessionRevokeAll);
    await loaded.reload();
    return t.signedOutOthers(revokedSessions);
  });
  return (
    <>
      {loaded.data?.sessions ? (
        <ul class="list sessions">
          {loaded.data.sessions.nodes.map((one) => (
            <li class="bar" key={one.id}>
              <span>{one.clientName ?? t.namelessClient} <span class="aside">{one.current ? t.thisSession : t.sessionUsed(moment(one.lastUsedAt))} · {t.sessionSince(moment(one.createdAt))}</span></span>
              {!one.current && (
                <button type="button" class="plain" disabled={busy} aria-label={`${t.signOutThere}: ${one.clientName ?? t.namelessClient}, ${moment(one.createdAt)}`} onClick={() => end(one.id)}>{t.signOutThere}</button>
              )}
            </li>
          ))}
        </ul>
      ) : <Waiting of={loaded} />}
      <p class="row"><button type="button" onClick={() => void signOut()}>{t.signOut}</button>
        <button type="button" disabled={busy} onClick={endOthers}>{t.signOutOthers}</button></p>
      <Notice error={error} done={done} />
    </>
  );
}
