import { useEffect, useRef, useState } from 'preact/hooks';
import { Markdown } from '../answer';
import { offlineAsOf, Refusal, run, settle, stream, viewer } from '../api';
import {
  AskAgainDocument, AskAgainWholeDocument, AskDifferentlyDocument, AskDifferentlyWholeDocument, CarriesDocument, ChatDocument, CorrectDocument, DeleteConversationDocument, DeleteMessageDocument,
  ForkDocument, GoOnDocument, GoOnWholeDocument, OneMessageDocument, PageDocument, RateDocument, SayDocument, SelectDocument, SendDocument, SiblingsDocument, SourcesDocument, StopDocument, UndoCallDocument, UpdateConversationDocument,
  type BubbleFragment, type ChatQuery, type EventFragment, type HeadingFragment, type MessageRating, type SourcesQuery,
} from '../generated/graphql';
import { onReload } from '../changes';
import { findDraft, keepDraft, read } from '../device';
import { AccountGap, DeleteButton, go, Icon, keepFocus, Link, navigations, Notice, onEscape, Quotes, toMessage, useAction, useQuery, Waiting } from '../parts';
import { day, diaryTime, moment, texts } from '../texts';
import { explain } from '../words';
import { ALL_ON, Begin, marksOf, Options, type Beginning } from './conversation';
import { Side } from './side';

/** A message that is being sent, in place of the question `instead`. The key makes sending it again safe. */
type Draft = { content: string; key: string; instead: string | null; error: string };
/** An answer that is being written; `questionId` is null until the server has taken the question. */
type Writing = { text: string; questionId: string | null; answerId: string | null };

type Answered = { question: BubbleFragment; answer: BubbleFragment; conversation: HeadingFragment; playOffered?: boolean };

/** A request for an answer: as a stream, or whole where the server cannot stream. */
type Ask = {
  open: () => AsyncGenerator<unknown>;
  whole: () => Promise<Answered>;
  questionId: string | null;
  answerId?: string;
  instead?: string | null;
};

const RECONNECTIONS = 3;
const PAGE = 50, AROUND = 31, MAX_PAGE = 100; // messages
const NO_MORE = { hasPreviousPage: false, hasNextPage: false };
let canStream = true;
let firstNote = ''; // what the next conversation shows once: that one was deleted or copied

export default function Chat({ parts, search }: { parts: string[]; search: URLSearchParams }) {
  const id = parts[0] ?? '';
  const at = id ? search.get('at') ?? '' : '';
  const loaded = useQuery(ChatDocument, { id, isOpen: id !== '', around: at || null, first: at ? AROUND : null, last: at ? null : PAGE });
  // A conversation that begins here gets its id while it is open, and stays as it is.
  const begun = useRef<{ id: string; key: string } | null>(null);
  const own = `${id} ${at} ${id ? '' : navigations()}`;
  if (id ? id !== begun.current?.id || at : own !== begun.current?.key) begun.current = null;
  const key = begun.current?.key ?? own;
  const begin = (conversation: string) => { if (!id) begun.current = { id: conversation, key }; };
  return (
    <>
      <Side id={id} data={loaded.data} isCopy={loaded.isCopy} reload={loaded.reload} />
      {loaded.data || !id || begun.current ? <Conversation key={`${key} ${loaded.isCopy}`} id={id} at={at} data={loaded.data} isCopy={loaded.isCopy} reload={loaded.reload} begin={begin} />
        : at && loaded.error instanceof Refusal && loaded.error.code === 'NOT_FOUND' ? <OffPath id={at} reload={loaded.reload} /> : <Waiting of={loaded} />}
    </>
  );
}

/** What stands in the place of a conversation whose path does not have the message `id`: the way to the path that has it. */
function OffPath({ id, reload }: { id: string; reload: () => Promise<void> }) {
  const t = texts();
  const { act, busy, error } = useAction();
  return (
    <section class="talk">
      <h1>{t.chat}</h1>
      <p>{t.offPath}</p>
      <p class="row"><button type="button" class="main" disabled={busy} onClick={() => void act(async () => { settle((await run(SelectDocument, { input: { messageId: id } })).messageSelect); await reload(); })}>{t.toVersion}</button></p>
      <Notice error={error} />
    </section>
  );
}

function Conversation({ id, at, data, isCopy, reload, begin: tellBegin }: { id: string; at: string; data: ChatQuery | null; isCopy: boolean; reload: () => Promise<void>; begin: (conversation: string) => void }) {
  const t = texts();
  const [messages, setMessages] = useState<readonly BubbleFragment[]>(data?.conversation?.messages.nodes ?? []);
  const [conversation, setConversation] = useState(id);
  const [heading, setHeading] = useState<HeadingFragment | null>(data?.conversation ?? null);
  const [beginning, setBeginning] = useState<Beginning>({ temporary: false, memory: ALL_ON });
  const [isSetting, setSetting] = useState(false);
  const [isPlayOffered, setPlayOffered] = useState(false);
  const [draft, setDraft] = useState<Draft | null>(null);
  const [writing, setWriting] = useState<Writing | null>(null);
  const [editing, setEditing] = useState('');
  const [error, setError] = useState('');
  const [done, setDone] = useState(firstNote);
  const [spoken, setSpoken] = useState('');
  const [isFar, setFar] = useState(at !== '');
  const [more, setMore] = useState(data?.conversation?.messages.pageInfo ?? NO_MORE);
  const scroller = useRef<HTMLDivElement>(null);
  const options = useRef<HTMLButtonElement>(null);
  const reworded = useRef('');
  const latest = useRef({ messages, more, isBusy: false, showChanges: () => {} });
  const selected = useRef<{ id: string; by: number } | null>(null);
  const isMounted = useRef(true);
  const leaving = useRef(new AbortController());
  const signal = leaving.current.signal;
  useEffect(() => { firstNote = ''; return () => { isMounted.current = false; leaving.current.abort(); }; }, []);

  const toEnd = () => scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  useEffect(() => {
    if (!at) return toEnd();
    scroller.current?.querySelector('.found')?.scrollIntoView({ block: 'center' });
    setFar(isAway(scroller.current!));
  }, []);
  useEffect(() => {
    const chosen = selected.current;
    selected.current = null;
    if (chosen) {
      const article = scroller.current?.querySelector(`[data-id="${CSS.escape(chosen.id)}"]`);
      article?.scrollIntoView({ block: 'nearest' });
      article?.querySelector<HTMLElement>(`.versions button:${chosen.by < 0 ? 'first' : 'last'}-of-type`)?.focus();
    } else if (!isFar && !editing) toEnd();
  }, [messages, writing?.text, draft]);
  useEffect(() => { // the keyboard goes on where the form was
    if (!editing && reworded.current && document.activeElement === document.body) (document.querySelector<HTMLElement>(`[data-reword="${CSS.escape(reworded.current)}"]`) ?? sayField())?.focus();
    reworded.current = editing;
  }, [editing]);
  useEffect(() => {
    const pending = messages.find((message) => message.streamId);
    if (pending?.streamId) void follow((cursor) => stream(SayDocument, { resumeFrom: cursor ?? pending.streamId! }, signal), { questionId: pending.id }).catch((refusal) => isMounted.current && setError(explain(refusal)));
  }, []);

  /** Put messages into their places: an answer where another one to the same question was. */
  const put = (...found: (BubbleFragment | null | undefined)[]) => setMessages((before) => {
    const after = [...before];
    for (const message of found) {
      if (!message) continue;
      const index = after.findIndex((one) => one.id === message.id || (message.role === 'ASSISTANT' && one.role === 'ASSISTANT' && one.replyTo?.id === message.replyTo?.id));
      if (index >= 0) after[index] = message;
      else after.push(message);
    }
    return after;
  });
  const begin = (question: BubbleFragment, instead?: string | null) => {
    setDraft(null);
    if (instead) setMessages((before) => until(before, instead));
    put(question);
  };
  const finish = ({ question, answer, conversation: found, playOffered }: Answered) => {
    put(question, answer);
    setConversation(found.id);
    setHeading(found);
    if (playOffered) setPlayOffered(true);
    setSpoken(answer.content);
    if (id !== found.id) {
      tellBegin(found.id);
      go(`/chat/${encodeURIComponent(found.id)}`, true);
    } else void reload();
  };

  /** Read a stream to its last event, and join it again where the connection was lost. Raises `Refusal`. */
  async function follow(open: (cursor: string | null) => AsyncGenerator<unknown>, { questionId, answerId, instead }: Pick<Ask, 'questionId' | 'answerId' | 'instead'>) {
    let cursor = null as string | null;
    let lost = 0;
    setWriting({ text: '', questionId, answerId: answerId ?? null });
    try {
      for (;;) {
        try {
          for await (const answer of open(cursor)) {
            const event: EventFragment = Object.values(answer as Record<string, EventFragment>)[0]!;
            if (!isMounted.current) return;
            if (event.__typename === 'MessageStreamStarted') {
              cursor = event.cursor;
              begin(event.question, instead);
              setConversation(event.conversation.id);
              setHeading(event.conversation);
              setWriting((before) => before && { ...before, questionId: event.question.id });
            } else if (event.__typename === 'MessageStreamDelta') {
              cursor = event.cursor;
              setWriting((before) => before && { ...before, text: before.text + event.text });
            } else if (event.__typename === 'MessageSendSuccess') {
              return finish(event);
            } else {
              if (event.__typename === 'ModelUnavailableError' && event.keptAnswer) finish({ ...event, answer: event.keptAnswer });
              else if ('question' in event) put(event.question);
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

  /** Ask for an answer, and show it while it is written. Raises `Refusal`. */
  async function ask(one: Ask) {
    setError('');
    setDone('');
    if (canStream) {
      try {
        return await follow((cursor) => cursor ? stream(SayDocument, { resumeFrom: cursor }, signal) : one.open(), one);
      } catch (refusal) {
        if (!(refusal instanceof Refusal && refusal.code === 'STREAMING_UNAVAILABLE')) throw refusal;
        canStream = false;
      }
    }
    setWriting({ text: '', questionId: one.questionId, answerId: one.answerId ?? null });
    try {
      const found = await one.whole();
      begin(found.question, one.instead);
      finish(found);
    } finally {
      setWriting(null);
    }
  }

  /** Send a message, or ask differently `instead` of a question. */
  async function say(content: string, key: string, instead: string | null = null) {
    setDraft({ content, key, instead, error: '' });
    setEditing('');
    const common = { content, idempotencyKey: key };
    const place = conversation ? { conversationId: conversation } : toInput(beginning);
    try {
      await toNewest();
      await ask(instead
        ? { open: () => stream(AskDifferentlyDocument, { input: { ...common, messageId: instead } }, signal), questionId: null, instead,
            whole: async () => settle((await run(AskDifferentlyWholeDocument, { input: { ...common, messageId: instead } })).messageBranch) }
        : { open: () => stream(SayDocument, { input: { ...common, ...place } }, signal), questionId: null,
            whole: async () => settle((await run(SendDocument, { input: { ...common, ...place } })).messageSend) });
    } catch (refusal) {
      if (!isMounted.current) return;
      setDraft((before) => before && { ...before, error: explain(refusal) });
      setError(explain(refusal));
    }
  }

  const attempt = async (what: () => Promise<unknown>) => {
    setError('');
    setDone('');
    try { await what(); } catch (refusal) { if (isMounted.current) setError(explain(refusal)); }
  };
  const stop = () => attempt(async () => {
    if (!writing?.questionId) return;
    const found = settle((await run(StopDocument, { input: { messageId: writing.questionId } })).messageStop);
    put(found.question, found.answer);
  });
  const goOn = ({ id: messageId, replyTo }: BubbleFragment) => attempt(() => ask({
    open: () => stream(GoOnDocument, { input: { messageId } }, signal), whole: async () => settle((await run(GoOnWholeDocument, { input: { messageId } })).messageContinue),
    questionId: replyTo?.id ?? null, answerId: messageId,
  }));
  const askAgain = (messageId: string) => attempt(() => ask({
    open: () => stream(AskAgainDocument, { input: { messageId } }, signal), whole: async () => settle((await run(AskAgainWholeDocument, { input: { messageId } })).messageRegenerate),
    questionId: messageId,
  }));
  /** Go to the question or answer before or after this one, and on along its branch. */
  const turn = (message: BubbleFragment, by: number) => attempt(async () => {
    const found = (await run(SiblingsDocument, { id: message.id })).node;
    const next = found?.__typename === 'Message' ? found.siblings[found.siblings.findIndex((one) => one.id === message.id) + by] : undefined;
    if (!next) return;
    const { conversation: chosen } = settle((await run(SelectDocument, { input: { messageId: next.id } })).messageSelect);
    selected.current = { id: next.id, by };
    setMore(chosen.messages.pageInfo);
    setMessages(chosen.messages.nodes);
  });
  const readPage = async (of: { first?: number; after?: string; last?: number; before?: string }) => (await read(PageDocument, { id: conversation, ...of })).data.conversation?.messages;
  const earlier = () => attempt(async () => {
    const found = await readPage({ last: PAGE, before: messages[0]!.cursor });
    if (!found) return;
    const height = scroller.current!.scrollHeight, top = scroller.current!.scrollTop;
    setFar(true);
    setMore((before) => ({ ...before, hasPreviousPage: found.pageInfo.hasPreviousPage }));
    setMessages((before) => [...found.nodes, ...before]);
    requestAnimationFrame(() => { if (scroller.current?.scrollTop === top) scroller.current.scrollTop = top + scroller.current.scrollHeight - height; });
  });
  const later = () => attempt(async () => {
    const found = await readPage({ first: PAGE, after: messages.at(-1)!.cursor });
    if (!found) return;
    setFar(true);
    setMore((before) => ({ ...before, hasNextPage: found.pageInfo.hasNextPage }));
    setMessages((before) => [...before, ...found.nodes]);
  });
  /** Go to the end of the conversation, which is not read yet when a link led into its middle. */
  const toNewest = async () => {
    if (more.hasNextPage) {
      const found = await readPage({ last: PAGE });
      if (!found) throw new Refusal('NOT_FOUND', 'the conversation is deleted');
      setMore(found.pageInfo);
      setMessages(found.nodes);
    }
    setFar(false);
    toEnd();
  };
  /** Read what is shown again: from its newest message, or from the conversation's end where that is shown, back to its oldest. Return whether the conversation is there. */
  const renew = async () => {
    const { messages: before, more: bounds } = latest.current;
    const oldest = before[0], newest = bounds.hasNextPage ? before.at(-1) : undefined;
    let nodes: readonly BubbleFragment[] = [];
    if (newest) {
      const { node } = await run(OneMessageDocument, { id: newest.id });
      if (node?.__typename === 'Message') nodes = [node];
    }
    let hasPreviousPage = false, from = newest?.cursor, wanted = before.length;
    do {
      const found = await readPage({ last: Math.min(MAX_PAGE, Math.max(PAGE, wanted)), ...(from ? { before: from } : {}) });
      if (!found) {
        setMessages([]);
        setMore(NO_MORE);
        return false;
      }
      nodes = [...found.nodes, ...nodes];
      hasPreviousPage = found.pageInfo.hasPreviousPage;
      from = found.nodes[0]?.cursor;
      wanted -= found.nodes.length;
    } while (hasPreviousPage && wanted > 0 && !nodes.some((one) => one.id === oldest?.id));
    if (!isMounted.current || latest.current.isBusy) return true;
    const start = Math.max(0, nodes.findIndex((one) => one.id === oldest?.id));
    setMore({ hasNextPage: bounds.hasNextPage, hasPreviousPage: hasPreviousPage || start > 0 });
    setMessages(nodes.slice(start));
    return true;
  };
  /** Show what changed elsewhere, also that the conversation is gone. What is being written here stays. */
  const showChanges = () => {
    if (!conversation || isCopy || latest.current.isBusy || editing) return;
    void renew().then((isThere) => { if (!isThere) setError(t.errors.NOT_FOUND!); }, (refusal) => isMounted.current && setError(explain(refusal)));
  };
  latest.current = { messages, more, isBusy: writing !== null || draft !== null, showChanges };
  useEffect(() => onReload(() => latest.current.showChanges()), []);
  useEffect(() => { if (data?.conversation) setHeading(data.conversation); }, [data]);
  const correct = async (messageId: string, content: string, dryRun: boolean) => {
    const { receipt, editedMessage } = settle((await run(CorrectDocument, { input: { messageId, content, dryRun } })).messageEdit);
    if (dryRun) return t.takes(receipt.linesRemoved, receipt.valuesRemoved);
    setEditing('');
    put(editedMessage);
    await renew(); // answers have lost the sentences that repeated what went
    setDone(t.corrected(receipt.linesRemoved, receipt.valuesRemoved));
    return '';
  };
  const forget = (message: BubbleFragment) => attempt(async () => {
    const on = document.activeElement;
    const { deletedIds, receipt } = settle((await run(DeleteMessageDocument, { input: { messageId: message.id } })).messageDelete);
    setMessages((before) => before.filter((one) => !deletedIds.includes(one.id)));
    await renew(); // a branch beside it may have taken its place
    setDone(t.receipt(receipt.linesRemoved, receipt.valuesRemoved));
    keepFocus(on, () => scroller.current);
  });
  const wouldForget = async (messageId: string) => {
    const { receipt } = settle((await run(DeleteMessageDocument, { input: { messageId, dryRun: true } })).messageDelete);
    return t.takes(receipt.linesRemoved, receipt.valuesRemoved);
  };
  const forgetAll = () => attempt(async () => {
    const { receipt } = settle((await run(DeleteConversationDocument, { input: { conversationId: conversation } })).conversationDelete);
    firstNote = t.receipt(receipt.linesRemoved, receipt.valuesRemoved);
    go('/chat');
    await reload();
  });
  /** Copy the conversation as far as its newest message, and open the copy. */
  const fork = () => attempt(async () => {
    const last = more.hasNextPage ? (await readPage({ last: 1 }))?.nodes[0] : messages.at(-1);
    if (!last) return;
    const { conversation: copy } = settle((await run(ForkDocument, { input: { messageId: last.id } })).conversationFork);
    firstNote = t.forked;
    go(`/chat/${encodeURIComponent(copy.id)}`);
  });
  const wouldForgetAll = async () => {
    const { receipt } = settle((await run(DeleteConversationDocument, { input: { conversationId: conversation, dryRun: true } })).conversationDelete);
    return t.takes(receipt.linesRemoved, receipt.valuesRemoved);
  };
  const undo = (messageId: string, index: number) => attempt(async () => put(settle((await run(UndoCallDocument, { input: { messageId, index } })).toolCallUndo).answer));

  const rate = (messageId: string, rating: MessageRating | null) => attempt(async () => {
    const { ratedMessage } = settle((await run(RateDocument, { input: { messageId, rating } })).messageRate);
    setMessages((before) => before.map((one) => (one.id === messageId ? { ...one, ...ratedMessage } : one)));
  });
  const setPlay = () => attempt(async () => {
    setHeading(settle((await run(UpdateConversationDocument, { input: { conversationId: conversation, play: true } })).conversationUpdate).conversation);
    setPlayOffered(false);
    setDone(t.saved);
  });

  const closeOptions = () => {
    setSetting(false);
    options.current?.focus();
  };

  const isBusy = writing !== null;
  const isFixed = isBusy || isCopy;
  const shown = draft?.instead ? until(messages, draft.instead) : messages;
  const answered = new Set(shown.map((message) => message.replyTo?.id));
  const newest = shown.at(-1);
  const marks = heading ? marksOf(heading) : conversation ? [] : marksOf({ ...beginning, play: false, archived: false, tags: [] });
  const written = writing && <Written text={writing.text} />;
  const isInPlace = shown.some((message) => writing?.questionId && message.replyTo?.id === writing.questionId);
  return (
    <section class="talk" data-held={isBusy || draft ? '' : undefined}>
      <header class="bar">
        <h1>{heading?.title ?? (conversation ? t.chat : t.newChat)}</h1>
        {marks.length > 0 && <p class="aside marks">{marks.join(' · ')}</p>}
        {!isCopy && (heading || !conversation) && <button type="button" class="plain" aria-expanded={isSetting} aria-controls="options" ref={options} onClick={() => setSetting(!isSetting)}>{t.options}</button>}
      </header>
      {isSetting && !isCopy && (heading
        ? <Options heading={heading} close={closeOptions} take={(found) => { setHeading(found); void reload(); }}><button type="button" disabled={isBusy || !messages.length} onClick={() => void fork()}>{t.fork}</button> <DeleteButton label={t.deleteConversation} preview={wouldForgetAll} act={() => void forgetAll()} /></Options>
        : !conversation && <Begin beginning={beginning} change={setBeginning} close={closeOptions} />)}
      {!id && !conversation && !isCopy && <AccountGap gap={data?.viewer?.memory?.gap} reload={reload} />}
      <div class="scroll" ref={scroller} role="log" aria-live="off" aria-label={t.chat} tabIndex={0}
        onScroll={(event) => setFar(isAway(event.currentTarget))}>
        {more.hasPreviousPage && <button type="button" class="plain" onClick={() => void earlier()}>{t.earlier}</button>}
        {!shown.length && !draft && !isBusy && <p class="empty words">{t.chatEmpty}{data?.viewer && `${t.space}${diaryTime(data.viewer.nextNightAt, data.viewer.timeZone, false)}`}</p>}
        {shown.map((message) => {
          if (writing?.answerId === message.id) return <Message key={message.id} message={{ ...message, content: message.content + writing.text }} isFound={false} />;
          if (writing && message.role === 'ASSISTANT' && message.replyTo?.id === writing.questionId) return written; // another answer in its place
          if (editing === message.id) return <Rewording key={message.id} message={message} ask={(text) => void say(text, crypto.randomUUID(), message.id)} correct={correct} cancel={() => setEditing('')} />;
          const isAnswer = message.role === 'ASSISTANT';
          return (
            <Message key={message.id} message={message} isFound={message.id === at} undo={isFixed ? undefined : (index) => void undo(message.id, index)}>
              {!isFixed && message.siblingCount > 1 && <Versions index={message.siblingIndex} count={message.siblingCount} turn={(by) => void turn(message, by)} />}
              {!isFixed && !isAnswer && message.status === 'FAILED' && !answered.has(message.id) && <>
                <span>{t.notAnswered}{t.space}{t.errors[message.errorCode ?? '']}</span> <button type="button" class="plain" onClick={() => void askAgain(message.id)}>{t.askAgain}</button>
              </>}
              {message.cutOff && <span>{message.cutOff === 'STOPPED' ? t.stopped : message.cutOff === 'LENGTH' ? t.tooLong : t.filtered}</span>}
              {!isFixed && message === newest && (message.cutOff === 'STOPPED' || message.cutOff === 'LENGTH') && <button type="button" class="plain" onClick={() => void goOn(message)}>{t.goOn}</button>}
              {!isFixed && message === newest && isAnswer && message.replyTo && <button type="button" class="plain" onClick={() => void askAgain(message.replyTo!.id)}>{t.askAgain}</button>}
              {!isFixed && isAnswer && <Rating rating={message.rating ?? null} rate={(rating) => void rate(message.id, rating)} />}
              {isAnswer && message.sources && !isCopy && <Sources id={message.id} />}
              {!isFixed && !isAnswer && !message.writtenByHand && <button type="button" class="plain" data-reword={message.id} onClick={() => setEditing(message.id)}>{t.reword}</button>}
              {!isFixed && !isAnswer && <DeleteButton label={t.deleteMessage} preview={() => wouldForget(message.id)} more={<Carried id={message.id} />} act={() => void forget(message)} />}
            </Message>
          );
        })}
        {draft && (
          <article class="message user">
            <p class="words">{draft.content}</p>
            {draft.error && <footer><span class="error">{draft.error}</span> <button type="button" class="plain" onClick={() => void say(draft.content, draft.key, draft.instead)}>{t.retry}</button>
              <button type="button" class="plain" onClick={() => { keepFocus(document.activeElement, sayField); setDraft(null); setError(''); }}>{t.cancel}</button></footer>}
          </article>
        )}
        {writing && !writing.answerId && !isInPlace && written}
        {more.hasNextPage && <button type="button" class="plain" onClick={() => void later()}>{t.later}</button>}
        {(isFar || more.hasNextPage) && <button type="button" class="newest" onClick={() => void attempt(toNewest)}>{t.newest}</button>}
      </div>
      <p class="hidden" role="status">{isBusy ? t.writing : spoken}</p>
      <Notice error={draft?.error ? '' : error} done={done} />
      {!isBusy && isPlayOffered && !heading?.play && (
        <div class="ask" role="group" aria-label={t.play}><p role="status">{t.playOffer}</p>
          <p class="row"><button type="button" onClick={() => void setPlay()}>{t.playYes}</button> <button type="button" onClick={() => { keepFocus(document.activeElement, sayField); setPlayOffered(false); }}>{t.playNo}</button></p></div>
      )}
      {!isBusy && newest?.role === 'ASSISTANT' && newest.suggestedReplies.length > 0 && (
        <p class="suggested">{newest.suggestedReplies.map((text) => <button type="button" onClick={() => fill(text)}>{text}</button>)}</p>
      )}
      <Field id={conversation} isCopy={isCopy} isBusy={isBusy} canStop={Boolean(writing?.questionId)} send={(text) => void say(text, crypto.randomUUID())} stop={() => void stop()} />
    </section>
  );
}

/** Only what is other than usual. */
const toInput = ({ temporary, memory }: Beginning) => ({
  ...(temporary ? { temporary } : {}), ...(memory.diary && memory.profile && memory.toldInChats ? {} : { memory }),
});

const isAway = (scroller: HTMLElement): boolean => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight > 120;

const until = (messages: readonly BubbleFragment[], id: string): readonly BubbleFragment[] => {
  const index = messages.findIndex((one) => one.id === id);
  return index < 0 ? messages : messages.slice(0, index);
};

const Written = ({ text }: { text: string }) => <article class="message assistant writing"><Markdown text={text || '…'} /></article>;

/** Whether an answer was good; pressed again, it is taken back. */
function Rating({ rating, rate }: { rating: MessageRating | null; rate: (rating: MessageRating | null) => void }) {
  const t = texts();
  const button = (value: MessageRating, label: string, icon: 'up' | 'down') => (
    <button type="button" class="plain" aria-label={label} aria-pressed={rating === value} onClick={() => rate(rating === value ? null : value)}><Icon name={icon} /></button>
  );
  return <span class="rating" role="group" aria-label={t.rating}>{button('UP', t.rateUp, 'up')}{button('DOWN', t.rateDown, 'down')}</span>;
}

/** The place of a message among what was asked or answered instead of it. */
function Versions({ index, count, turn }: { index: number; count: number; turn: (by: number) => void }) {
  const t = texts();
  const button = (by: number, isLast: boolean, label: string, sign: string) => (
    <button type="button" class="plain" aria-label={label} aria-disabled={isLast} onClick={() => { if (!isLast) turn(by); }}>{sign}</button>
  );
  return (
    <span class="versions" role="group" aria-label={t.branches}>
      {button(-1, index === 0, t.previousVersion, '‹')}<span>{index + 1} / {count}</span>{button(1, index === count - 1, t.nextVersion, '›')}
    </span>
  );
}

/** Other words for a question: asked beside it, or in its place with what that would take shown first. */
function Rewording({ message, ask, correct, cancel }: {
  message: BubbleFragment; ask: (text: string) => void; correct: (id: string, text: string, dryRun: boolean) => Promise<string>; cancel: () => void;
}) {
  const t = texts();
  const field = useRef<HTMLTextAreaElement>(null);
  const [takes, setTakes] = useState<{ content: string; sentence: string } | null>(null);
  const [error, setError] = useState('');
  useEffect(() => field.current?.focus(), []);
  const attempt = async (content: string, dryRun: boolean) => {
    setError('');
    try {
      const sentence = await correct(message.id, content, dryRun);
      if (dryRun) setTakes({ content, sentence });
    } catch (refusal) {
      setTakes(null);
      setError(explain(refusal));
    }
  };
  return (
    <form class="message user rewording" data-held onSubmit={(event) => { event.preventDefault(); const text = field.current!.value; if (text.trim()) ask(text); }}
      onKeyDown={onEscape(cancel)}>
      <label class="hidden" for={`reword-${message.id}`}>{t.reword}</label>
      <textarea id={`reword-${message.id}`} ref={field} rows={3} maxLength={20000} defaultValue={message.content} onInput={() => setTakes(null)} aria-describedby={`hint-${message.id}`} />
      <p class="row"><button class="main">{t.askDifferently}</button> <button type="button" onClick={() => void attempt(field.current!.value, true)}>{t.correctWords}</button>
        <button type="button" class="plain" onClick={cancel}>{t.cancel}</button></p>
      <p class="aside" id={`hint-${message.id}`}>{t.rewordHint}</p>
      {takes && <div class="confirm" role="group" aria-label={t.correctWords}><p class="row"><span role="status">{takes.sentence}</span> <button type="button" class="danger" onClick={() => void attempt(takes.content, false)}>{t.correctYes}</button></p><Carried id={message.id} /></div>}
      <Notice error={error} />
    </form>
  );
}

const sayField = () => document.querySelector<HTMLTextAreaElement>('#say');

/** Put a suggested reply into the field; the person sends it. */
function fill(text: string) {
  const field = sayField()!;
  field.value = text;
  field.focus();
}

function Message({ message, isFound, undo, children }: { message: BubbleFragment; isFound: boolean; undo?: ((index: number) => void) | undefined; children?: preact.ComponentChildren }) {
  const t = texts();
  const isAnswer = message.role === 'ASSISTANT';
  return (
    <article class={`message ${isAnswer ? 'assistant' : 'user'}${isFound ? ' found' : ''}`} aria-label={isAnswer ? t.memberIt : t.memberYou} data-id={message.id}>
      {message.notice && <p class="aside change">{changes(message.notice).join(' ')}</p>}
      {isAnswer ? <Markdown text={message.content} /> : <p class="words">{message.content}</p>}
      {message.toolCalls.length > 0 && <ul class="calls aside" aria-label={t.calls}>
        {message.toolCalls.map((call) => (
          <li>{describe(call)}{call.source && 'value' in call.source && call.source.value && <> <Link to={`/you/${encodeURIComponent(call.source.value.id)}`}>{t.said(call.source.value.polarity, call.source.value.value)}</Link></>}
            {call.undone ? ` · ${t.undone}` : call.undoable && undo && <> <button type="button" class="plain" onClick={() => undo(call.index)}>{t.undo}</button></>}</li>
        ))}
      </ul>}
      <footer><time dateTime={message.createdAt}>{moment(message.createdAt, viewer()?.timeZone)}</time> {!isAnswer && message.editedAt && <span>{t.edited}</span>} {children}</footer>
    </article>
  );
}

/** What is other than at the answer before: the model, the prompt or the companion. */
function changes(notice: NonNullable<BubbleFragment['notice']>): string[] {
  const t = texts();
  const [prompt] = notice.promptVersion.split('+'), [previous] = notice.previousPromptVersion.split('+');
  return [
    notice.model !== notice.previousModel ? t.otherModel(notice.model) : '', prompt !== previous ? t.otherPrompt : '',
    notice.companionVersion !== notice.previousCompanionVersion ? t.otherCompanion : '',
  ].filter(Boolean);
}

type Call = BubbleFragment['toolCalls'][number];

function describe(call: Call): string {
  const t = texts();
  if (call.outcome === 'REFUSED') return `${t.callRefused[call.tool] ?? call.tool} ${t.refusals[call.reason ?? ''] ?? ''}`;
  if (call.outcome !== 'DONE') return t.callFailed;
  if (call.messageIds.length) return t.callKeptOut(call.messageIds.length);
  const days = call.firstDay && call.lastDay ? [...new Set([call.firstDay, call.lastDay])].map((one) => day(one, { dateStyle: 'medium' })).join(' – ') : '';
  return [t.callDone[call.tool] ?? call.tool, days, call.results == null ? '' : t.callResults(call.results)].filter(Boolean).join(' · ');
}

function Field({ id, isCopy, isBusy, canStop, send, stop }: { id: string; isCopy: boolean; isBusy: boolean; canStop: boolean; send: (text: string) => void; stop: () => void }) {
  const t = texts();
  const field = useRef<HTMLTextAreaElement>(null);
  const [refused, setRefused] = useState(false);
  useEffect(() => {
    field.current?.focus();
    void findDraft(id).then((text) => { if (field.current && !field.current.value) field.current.value = text; });
  }, [id]);
  const submit = (event?: Event) => {
    event?.preventDefault();
    const text = field.current!.value;
    if (isBusy || !text.trim()) return;
    if (isCopy || offlineAsOf()) {
      keepDraft(id, text);
      return setRefused(true);
    }
    field.current!.value = '';
    keepDraft(id, '');
    send(text);
  };
  return (
    <>
      <Notice error={refused && offlineAsOf() ? t.offlineRefused : ''} />
      <form class="field" onSubmit={submit}>
        <label class="hidden" for="say">{t.say}</label>
        <textarea id="say" ref={field} rows={2} maxLength={20000} placeholder={t.say} onInput={(event) => keepDraft(id, event.currentTarget.value)}
          onKeyDown={(event) => { if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) submit(event); }} />
        {isBusy ? <button type="button" class="main" aria-disabled={!canStop} onClick={stop}>{t.stop}</button> : <button class="main">{t.send}</button>}
      </form>
    </>
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

/** What was learned from a message, with the way to it: shown before the message is deleted or corrected. */
function Carried({ id }: { id: string }) {
  const t = texts();
  const { data } = useQuery(CarriesDocument, { id });
  const carried = data?.node?.__typename === 'Message' ? data.node.carries : null;
  if (!carried || !(carried.lines.length + carried.values.length)) return null;
  return (
    <div class="sources carried"><span class="label">{t.carries}</span>
      <ul>
        {[...new Set(carried.lines.map((line) => line.text))].map((text) => <li class="words">{text}</li>)}
        {carried.values.map((value) => <li><Link to={`/you/${encodeURIComponent(value.id)}`} class="words">{t.said(value.polarity, value.value)}</Link></li>)}
      </ul>
    </div>
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
        <Link to={`/you/${encodeURIComponent(item.value.id)}`} class="words">{t.said(item.value.polarity, item.value.value)}</Link>
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
