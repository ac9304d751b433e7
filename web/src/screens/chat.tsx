import { useEffect, useRef, useState } from 'preact/hooks';
import { Refusal, run, settle, stream, viewer } from '../api';
import {
  AskAgainDocument, ChatDocument, DeleteConversationDocument, DeleteMessageDocument, EarlierDocument, GoOnDocument, SayDocument, SendDocument, SourcesDocument, StopDocument,
  type BubbleFragment, type ChatQuery, type EventFragment, type SourcesQuery,
} from '../generated/graphql';
import { DeleteButton, go, Link, navigations, Notice, Quotes, toMessage, useQuery, Waiting } from '../parts';
import { day, moment, texts } from '../texts';
import { explain } from '../words';

/** A message that is being sent. The key makes sending it again safe. */
type Draft = { content: string; key: string; error: string };
/** An answer that is being written; `questionId` is null until the server has taken the question. */
type Writing = { text: string; questionId: string | null; answerId: string | null };

const RECONNECTIONS = 3;

export default function Chat({ parts, search }: { parts: string[]; search: URLSearchParams }) {
  const id = parts[0] ?? '';
  const around = search.get('cursor');
  const at = search.get('at') ?? '';
  const isAround = Boolean(id && around && at);
  const loaded = useQuery(ChatDocument, { id, isOpen: id !== '', isNewest: id !== '' && !isAround, at, around, isAround });
  const t = texts();
  return (
    <>
      <aside class="side" aria-label={t.conversations}>
        <Link to="/chat" class="main" aria-current={id ? undefined : 'page'}>{t.newChat}</Link>
        <ul>
          {loaded.data?.conversations?.nodes.map((one) => (
            <li><Link to={`/chat/${encodeURIComponent(one.id)}`} aria-current={one.id === id ? 'page' : undefined}>{one.title ?? t.untitled}</Link></li>
          ))}
        </ul>
      </aside>
      {loaded.data || !id ? <Conversation key={`${id} ${at} ${id ? '' : navigations()}`} id={id} at={at} data={loaded.data} reload={loaded.reload} /> : <Waiting of={loaded} />}
    </>
  );
}

function list(data: ChatQuery | null): BubbleFragment[] {
  const found = data?.conversation;
  if (!found) return [];
  if (found.newest) return [...found.newest.nodes].reverse();
  const middle = data.node?.__typename === 'Message' ? [data.node] : [];
  return [...[...(found.before?.nodes ?? [])].reverse(), ...middle, ...(found.after?.nodes ?? [])];
}

function Conversation({ id, at, data, reload }: { id: string; at: string; data: ChatQuery | null; reload: () => Promise<void> }) {
  const t = texts();
  const [messages, setMessages] = useState<BubbleFragment[]>(() => list(data));
  const [conversation, setConversation] = useState(id);
  const [title, setTitle] = useState(data?.conversation?.title ?? null);
  const [draft, setDraft] = useState<Draft | null>(null);
  const [writing, setWriting] = useState<Writing | null>(null);
  const [error, setError] = useState('');
  const [done, setDone] = useState('');
  const [spoken, setSpoken] = useState('');
  const [isFar, setFar] = useState(false);
  const page = data?.conversation?.newest ?? data?.conversation?.before;
  const [older, setOlder] = useState(page?.pageInfo ?? null);
  const scroller = useRef<HTMLDivElement>(null);
  const isMounted = useRef(true);
  const leaving = useRef(new AbortController());
  useEffect(() => () => { isMounted.current = false; leaving.current.abort(); }, []);

  const toEnd = () => scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  useEffect(() => {
    if (at) scroller.current?.querySelector('.found')?.scrollIntoView({ block: 'center' });
    else toEnd();
  }, []);
  useEffect(() => { if (!isFar && !at) toEnd(); }, [messages, writing?.text, draft]);
  useEffect(() => {
    const pending = messages.find((message) => message.streamId);
    if (pending?.streamId) void follow((cursor) => stream(SayDocument, { resumeFrom: cursor ?? pending.streamId! }, leaving.current.signal), pending.id);
  }, []);

  const put = (...found: (BubbleFragment | null | undefined)[]) => setMessages((before) => {
    const after = [...before];
    for (const message of found) {
      if (!message) continue;
      const index = after.findIndex((one) => one.id === message.id);
      if (index >= 0) after[index] = message;
      else after.push(message);
    }
    return after;
  });

  /** Read a stream to its last event, and join it again where the connection was lost. Raises `Refusal`. */
  async function follow(open: (cursor: string | null) => AsyncGenerator<unknown>, questionId: string | null, answerId: string | null = null) {
    setError('');
    setWriting({ text: '', questionId, answerId });
    let cursor = null as string | null;
    let lost = 0;
    try {
      for (;;) {
        try {
          for await (const answer of open(cursor)) {
            const event: EventFragment = Object.values(answer as Record<string, EventFragment>)[0]!;
            if (!isMounted.current) return;
            if (event.__typename === 'MessageStreamStarted') {
              cursor = event.cursor;
              setDraft(null);
              put(event.question);
              setConversation(event.conversation.id);
              setWriting((before) => before && { ...before, questionId: event.question.id });
            } else if (event.__typename === 'MessageStreamDelta') {
              cursor = event.cursor;
              setWriting((before) => before && { ...before, text: before.text + event.text });
            } else if (event.__typename === 'MessageSendSuccess') {
              put(event.question, event.answer);
              setSpoken(event.answer.content);
              setTitle(event.conversation.title ?? null);
              finish(event.conversation.id);
              return;
            } else {
              if ('question' in event) put(event.question);
              settle(event);
            }
          }
          throw new Refusal('NETWORK', 'the stream ended without its last event');
        } catch (refusal) {
          const isLost = refusal instanceof Refusal && refusal.code === 'NETWORK' && cursor !== null && lost++ < RECONNECTIONS;
          if (!isLost) throw refusal;
          await new Promise((wait) => setTimeout(wait, 500 * lost));
        }
      }
    } finally {
      if (isMounted.current) setWriting(null);
    }
  }

  function finish(conversationId: string) {
    if (id === conversationId) void reload();
    else history.replaceState(null, '', `/chat/${encodeURIComponent(conversationId)}`);
    if (id !== conversationId) void reload();
  }

  async function say(content: string, key: string) {
    setDraft({ content, key, error: '' });
    setFar(false);
    setDone('');
    const input = { content, idempotencyKey: key, conversationId: conversation || null };
    try {
      await follow((cursor) => stream(SayDocument, cursor ? { resumeFrom: cursor } : { input }, leaving.current.signal), null);
    } catch (refusal) {
      if (!isMounted.current) return;
      if (refusal instanceof Refusal && refusal.code === 'STREAMING_UNAVAILABLE') return void sayWhole(input, key);
      setDraft((before) => before && { ...before, error: explain(refusal) });
      setError(explain(refusal));
    }
  }

  /** Send where the server cannot stream. */
  async function sayWhole(input: { content: string; idempotencyKey: string; conversationId: string | null }, key: string) {
    setWriting({ text: '', questionId: null, answerId: null });
    try {
      const found = settle((await run(SendDocument, { input })).messageSend);
      setDraft(null);
      put(found.question, found.answer);
      setConversation(found.conversation.id);
      setSpoken(found.answer.content);
      finish(found.conversation.id);
    } catch (refusal) {
      setDraft({ content: input.content, key, error: explain(refusal) });
      setError(explain(refusal));
    } finally {
      setWriting(null);
    }
  }

  const attempt = async (what: () => Promise<unknown>) => {
    setError('');
    try { await what(); } catch (refusal) { if (isMounted.current) setError(explain(refusal)); }
  };
  const stop = () => attempt(async () => {
    if (!writing?.questionId) return;
    const found = settle((await run(StopDocument, { input: { messageId: writing.questionId } })).messageStop);
    put(found.question, found.answer);
  });
  const goOn = (message: BubbleFragment) => attempt(() =>
    follow((cursor) => cursor ? stream(SayDocument, { resumeFrom: cursor }, leaving.current.signal) : stream(GoOnDocument, { input: { messageId: message.id } }, leaving.current.signal), message.replyTo?.id ?? null, message.id));
  const askAgain = (questionId: string) => attempt(() =>
    follow((cursor) => cursor ? stream(SayDocument, { resumeFrom: cursor }, leaving.current.signal) : stream(AskAgainDocument, { input: { messageId: questionId } }, leaving.current.signal), questionId));
  const earlier = () => attempt(async () => {
    const found = (await run(EarlierDocument, { id, after: older?.endCursor ?? null })).conversation?.messages;
    if (!found) return;
    setOlder(found.pageInfo);
    setMessages((before) => [...[...found.nodes].reverse(), ...before]);
    setFar(true);
  });
  const forget = (message: BubbleFragment) => attempt(async () => {
    const { deletedIds, receipt } = settle((await run(DeleteMessageDocument, { input: { messageId: message.id } })).messageDelete);
    setMessages((before) => before.filter((one) => !deletedIds.includes(one.id)));
    setDone(t.receipt(receipt.linesRemoved, receipt.valuesRemoved));
  });
  const forgetAll = () => attempt(async () => {
    settle((await run(DeleteConversationDocument, { input: { conversationId: conversation } })).conversationDelete);
    go('/chat');
    await reload();
  });

  const isBusy = writing !== null;
  const answered = new Set(messages.map((message) => message.replyTo?.id));
  const newest = messages.at(-1);
  return (
    <section class="talk">
      <header class="bar">
        <h1>{title ?? (conversation ? t.chat : t.newChat)}</h1>
        {conversation && <DeleteButton label={t.deleteConversation} act={() => void forgetAll()} />}
      </header>
      <div class="scroll" ref={scroller} role="log" aria-live="off" aria-label={t.chat} tabIndex={0}
        onScroll={(event) => setFar(event.currentTarget.scrollHeight - event.currentTarget.scrollTop - event.currentTarget.clientHeight > 120)}>
        {older?.hasNextPage && <button type="button" class="plain" onClick={() => void earlier()}>{t.earlier}</button>}
        {!messages.length && !draft && !isBusy && <p class="empty words">{t.chatEmpty}</p>}
        {messages.map((message) => writing?.answerId === message.id
          ? <Message message={{ ...message, content: message.content + writing.text }} isFound={false} />
          : (
            <Message message={message} isFound={message.id === at}>
              {!isBusy && message.role === 'USER' && message.status === 'FAILED' && !answered.has(message.id) && <>
                <span>{t.notAnswered}</span> <button type="button" class="plain" onClick={() => void askAgain(message.id)}>{t.askAgain}</button>
              </>}
              {message.cutOff && <span>{message.cutOff === 'STOPPED' ? t.stopped : message.cutOff === 'LENGTH' ? t.tooLong : t.filtered}</span>}
              {!isBusy && message === newest && (message.cutOff === 'STOPPED' || message.cutOff === 'LENGTH') && <button type="button" class="plain" onClick={() => void goOn(message)}>{t.goOn}</button>}
              {!isBusy && message === newest && message.role === 'ASSISTANT' && message.replyTo && <button type="button" class="plain" onClick={() => void askAgain(message.replyTo!.id)}>{t.askAgain}</button>}
              {message.role === 'ASSISTANT' && message.sources && <Sources id={message.id} />}
              {!isBusy && message.role === 'USER' && <DeleteButton label={t.deleteMessage} act={() => void forget(message)} />}
            </Message>
          ))}
        {draft && (
          <article class="message user">
            <p class="words">{draft.content}</p>
            {draft.error && <footer><span class="error">{draft.error}</span> <button type="button" class="plain" onClick={() => void say(draft.content, draft.key)}>{t.retry}</button></footer>}
          </article>
        )}
        {writing && !writing.answerId && <article class="message assistant writing"><p class="words">{writing.text || '…'}</p></article>}
        {isFar && <button type="button" class="newest" onClick={() => { setFar(false); toEnd(); }}>{t.newest}</button>}
      </div>
      <p class="hidden" role="status">{isBusy ? t.writing : spoken}</p>
      <Notice error={draft?.error ? '' : error} done={done} />
      {!isBusy && newest?.role === 'ASSISTANT' && newest.suggestedReplies.length > 0 && (
        <p class="suggested">{newest.suggestedReplies.map((text) => <button type="button" onClick={() => fill(text)}>{text}</button>)}</p>
      )}
      <Field id={conversation} isBusy={isBusy} canStop={Boolean(writing?.questionId)} send={(text) => void say(text, crypto.randomUUID())} stop={() => void stop()} />
    </section>
  );
}

/** Put a suggested reply into the field; the person sends it. */
function fill(text: string) {
  const field = document.querySelector<HTMLTextAreaElement>('#say')!;
  field.value = text;
  field.focus();
}

function Message({ message, isFound, children }: { message: BubbleFragment; isFound: boolean; children?: preact.ComponentChildren }) {
  const t = texts();
  return (
    <article class={`message ${message.role === 'USER' ? 'user' : 'assistant'}${isFound ? ' found' : ''}`} aria-label={message.role === 'USER' ? t.memberYou : t.memberIt}>
      <p class="words">{message.content}</p>
      <footer><time dateTime={message.createdAt}>{moment(message.createdAt, viewer()?.timeZone)}</time> {children}</footer>
    </article>
  );
}

function Field({ id, isBusy, canStop, send, stop }: { id: string; isBusy: boolean; canStop: boolean; send: (text: string) => void; stop: () => void }) {
  const t = texts();
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), [id]);
  const submit = (event?: Event) => {
    event?.preventDefault();
    const text = field.current!.value;
    if (isBusy || !text.trim()) return;
    field.current!.value = '';
    send(text);
  };
  return (
    <form class="field" onSubmit={submit}>
      <label class="hidden" for="say">{t.say}</label>
      <textarea id="say" ref={field} rows={2} maxLength={20000} placeholder={t.say}
        onKeyDown={(event) => { if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) submit(event); }} />
      {isBusy ? <button type="button" class="main" disabled={!canStop} onClick={stop}>{t.stop}</button> : <button class="main">{t.send}</button>}
    </form>
  );
}

type Item = NonNullable<Extract<NonNullable<SourcesQuery['node']>, { __typename: 'Message' }>['sources']>['items'][number];

function Sources({ id }: { id: string }) {
  const t = texts();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="plain" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>{t.sources}</button>
      {isOpen && <SourceList id={id} />}
    </>
  );
}

function SourceList({ id }: { id: string }) {
  const t = texts();
  const loaded = useQuery(SourcesDocument, { id });
  if (!loaded.data) return <Waiting of={loaded} />;
  const items = loaded.data.node?.__typename === 'Message' ? loaded.data.node.sources?.items ?? [] : [];
  if (!items.length) return <p class="aside">{t.noSources}</p>;
  return <ul class="sources">{items.map((item) => <li><Source item={item} /></li>)}</ul>;
}

function Source({ item }: { item: Item }) {
  const t = texts();
  if (item.removed) return <span class="aside">{t.sourceGone}</span>;
  switch (item.__typename) {
    case 'ValueSource':
      return item.value && <>
        <Link to={`/you/${encodeURIComponent(item.value.id)}`} class="words">{item.value.value}</Link>
        <Quotes of={item.value.evidence} />
      </>;
    case 'DaySource':
      return <Link to={`/days/${item.date}`}>{t.sourceDay(day(item.date, { dateStyle: 'medium' }))}</Link>;
    case 'MessageSource':
      return item.message && <Link to={toMessage(item.message)} class="words">{item.message.content.slice(0, 120)}</Link>;
    case 'SummarySource':
      return <Link to={`/chat/${encodeURIComponent(item.conversation.id)}`}>{t.sourceSummary}</Link>;
    default:
      return <span class="aside">{t.sourceAccount}: {t.accountFields[item.field] ?? item.field}</span>;
  }
}
