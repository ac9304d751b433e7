// The frame: session, language, routes. Each screen but the chat is a chunk of its own.
import { render, type ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { offlineAsOf, onOffline, onViewer, resume, viewer } from './api';
import { watch } from './changes';
import { openCopy } from './device';
import { Link, staysInPlace } from './parts';
import { moment, setLanguage, texts } from './texts';
import './style.css';

type Screen = ComponentType<{ parts: string[]; search: URLSearchParams }>;
const SCREENS: Record<string, () => Promise<{ default: Screen }>> = {
  chat: () => import('./screens/chat'),
  days: () => import('./screens/day'),
  you: () => import('./screens/profile'),
  find: () => import('./screens/find'),
  back: () => import('./screens/recap'),
  settings: () => import('./screens/settings'),
  nights: () => import('./screens/nights'),
};
const loaded = new Map<string, Screen>();

/** Return the screen once it is loaded; `failed` where its file did not come, such as that of a build that was replaced. */
function useScreen(name: string): Screen | 'failed' | null {
  const [failed, setFailed] = useState('');
  const [, setNumber] = useState(0);
  useEffect(() => {
    if (!loaded.has(name)) void SCREENS[name]?.().then((module) => { loaded.set(name, module.default); setNumber((number) => number + 1); }, () => setFailed(name));
  }, [name]);
  return loaded.get(name) ?? (failed === name ? 'failed' : null);
}

function App() {
  const [, setNumber] = useState(0);
  const again = () => setNumber((number) => number + 1);
  useEffect(() => {
    addEventListener('popstate', again);
    const stops = [onViewer(again), onOffline(again)];
    return () => { removeEventListener('popstate', again); for (const stop of stops) stop(); };
  }, []);
  const [name = '', ...parts] = location.pathname.split('/').filter(Boolean).map(decodeURIComponent);
  const me = viewer();
  const wasOut = useRef(false);
  if (!me) wasOut.current = true;
  return me ? <Frame name={name || 'chat'} parts={parts} isAdmin={me.role === 'ADMIN'} isEntered={wasOut.current} /> : <Enter />;
}

let EnterScreen: ComponentType | null = null;
function Enter() {
  const [, setNumber] = useState(0);
  useEffect(() => {
    if (!EnterScreen) void import('./screens/enter').then((module) => { EnterScreen = module.default; setNumber(1); });
  }, []);
  return EnterScreen ? <EnterScreen /> : null;
}

/** `isEntered` says that the user came through the sign-in of this page, whose button the keyboard was on. */
function Frame({ name, parts, isAdmin, isEntered }: { name: string; parts: string[]; isAdmin: boolean; isEntered: boolean }) {
  const t = texts();
  const Found = useScreen(name);
  const main = useRef<HTMLElement>(null);
  const address = location.pathname;
  const first = useRef(!isEntered);
  const titles: Record<string, string> = { chat: t.chat, days: t.days, you: t.you, find: t.find, back: t.back, settings: t.settings, ...(isAdmin ? { nights: t.nights } : {}) };
  useEffect(() => {
    if (!first.current && name !== 'chat' && !staysInPlace()) main.current?.focus();
    first.current = false;
  }, [name, address]);
  useEffect(() => {
    document.title = `${titles[name] ?? 'UniLife'} · UniLife`;
    main.current?.parentElement?.querySelector('.pages [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' }); // on a phone the pages do not fit
  }, [name, address, document.documentElement.lang]);
  return (
    <div class="frame">
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); main.current?.focus(); }}>{t.skip}</a>
      <nav class="pages" aria-label={t.pages}>
        {Object.entries(titles).map(([key, title]) => <Link to={`/${key}`} aria-current={key === name ? 'page' : undefined}>{title}</Link>)}
      </nav>
      <p class="offline" role="status">{offlineAsOf() && t.offlineAsOf(moment(offlineAsOf()!))}</p>
      <main id="main" tabIndex={-1} ref={main} class={`screen ${name}`}>
        {Found === 'failed' ? <div class="empty" role="alert"><p>{t.notLoaded}</p><p class="row"><button type="button" onClick={() => location.reload()}>{t.loadAgain}</button></p></div>
          : Found ? <Found parts={parts} search={new URLSearchParams(location.search)} />
          : SCREENS[name] ? <p class="empty quiet" role="status">{t.loading}</p>
          : <div class="empty"><h1>{t.notFound}</h1><Link to="/chat">{t.home}</Link></div>}
      </main>
    </div>
  );
}

// Registered before the app, so that a session that is resumed has its language in the first picture.
onViewer(() => setLanguage(viewer()?.locale ?? navigator.language));
setLanguage(navigator.language);
void resume().then(openCopy).finally(() => { watch(); render(<App />, document.getElementById('root')!); });
