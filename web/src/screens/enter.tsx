import { useEffect, useRef, useState } from 'preact/hooks';
import { begin, farewell, run, settle } from '../api';
import { isDevelopment } from '../development';
import { copyOwner, removeCopy } from '../device';
import { RegisterDocument, SignInDocument } from '../generated/graphql';
import { Notice, useAction } from '../parts';
import { moment, texts } from '../texts';

/** The browser's zone, or UTC where it has none that the API knows. */
function zone(): string {
  const found = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return !found || found === 'Etc/Unknown' ? 'UTC' : found;
}

const BROWSERS: [RegExp, string][] = [[/MicroMessenger/, 'WeChat'], [/Edg/, 'Edge'], [/Firefox|FxiOS/, 'Firefox'], [/Chrom|CriOS/, 'Chrome'], [/Safari/, 'Safari']];
const SYSTEMS: [RegExp, string][] = [[/Android/, 'Android'], [/iPhone|iPad/, 'iOS'], [/Windows/, 'Windows'], [/Mac OS/, 'macOS'], [/Linux/, 'Linux']];

/** What the list of sign-ins calls this one: the kinds of browser and system, without versions or a model. */
function clientName(): string | null {
  const kinds = [BROWSERS, SYSTEMS].map((known) => known.find(([pattern]) => pattern.test(navigator.userAgent))?.[1]);
  return kinds.filter(Boolean).join(', ') || null;
}

export default function Enter() {
  const t = texts();
  const [isNew, setNew] = useState(false);
  const { act, busy, error } = useAction();
  const copy = useAction();
  const left = farewell();
  const receipt = useRef<HTMLDivElement>(null);
  useEffect(() => { document.title = 'UniLife'; receipt.current?.focus(); }, []);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const email = String(form.get('email')), password = String(form.get('password')), nickname = String(form.get('nickname') ?? '').trim();
    void act(async () => {
      const session = isNew
        ? settle((await run(RegisterDocument, { input: { email, password, nickname: nickname || null, timeZone: zone(), locale: navigator.language, clientName: clientName() } })).accountRegister)
        : settle((await run(SignInDocument, { input: { email, password, clientName: clientName() } })).sessionCreate);
      begin(session, form.has('keep'));
    });
  };
  return (
    <main class="enter">
      <h1>UniLife</h1>
      <p class="words">{t.tagline}</p>
      {left && <div class="made" role="status" ref={receipt} tabIndex={-1}><p>{t.accountDeleted(left.email, moment(left.at))}</p><p>{t.accountHeld(left.conversations, left.diaries)}</p><p class="aside">{t.receiptNumber} <code>{left.id}</code></p></div>}
      <form onSubmit={submit}>
        <label>{t.email}<input name="email" type="email" autocomplete="username" required /></label>
        <label>{t.password}<input name="password" type="password" autocomplete={isNew ? 'new-password' : 'current-password'} required aria-describedby={isNew ? 'hint' : undefined} /></label>
        {isNew && <p id="hint" class="aside">{t.passwordHint}</p>}
        {isNew && <label>{t.nickname} <span class="aside">{t.optional}</span><input name="nickname" autocomplete="nickname" maxLength={50} /></label>}
        <label class="check"><input name="keep" type="checkbox" defaultChecked={isDevelopment} /> {t.keep}</label>
        <Notice error={error} />
        <button class="main" disabled={busy}>{isNew ? t.register : t.signIn}</button>
      </form>
      <button type="button" class="plain" onClick={() => setNew(!isNew)}>{isNew ? t.toSignIn : t.toRegister}</button>
      {copyOwner() && <p class="aside">{t.copyHere} <button type="button" class="plain" disabled={copy.busy} onClick={() => void copy.act(async () => { await removeCopy(); return t.copyRemoved; })}>{t.removeCopy}</button></p>}
      <Notice error={copy.error} done={copy.done} />
    </main>
  );
}
