// The list of conversations beside the open one: narrowed, page by page, and several of them chosen to be archived or deleted at once.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { run, settle } from '../api';
import { ArchiveConversationsDocument, ConversationsDocument, DeleteConversationsDocument, type ChatQuery } from '../generated/graphql';
import { DeleteButton, go, Icon, Link, Notice, onEscape, useAction } from '../parts';
import { texts } from '../texts';

type Listed = NonNullable<ChatQuery['conversations']>;
const MAX_CHOSEN = 100; // conversations that the API takes at once

/** The conversations: the newest with those that are pinned first, or the archived ones, or those with a tag. */
export function Side({ id, data, isCopy, reload }: { id: string; data: ChatQuery | null; isCopy: boolean; reload: () => Promise<void> }) {
  const t = texts();
  const kept = useRef(data); // while another conversation is read, the list stays
  if (data) kept.current = data;
  const first = kept.current?.conversations;
  const [filter, setFilter] = useState('');
  const [count, setCount] = useState(0); // of pages besides the first
  const [pages, setPages] = useState<Listed[]>([]);
  const [chosen, setChosen] = useState<readonly string[] | null>(null); // null while none is to be chosen
  const toggle = useRef<HTMLButtonElement>(null);
  const latest = useRef(0);
  const { act, busy, error } = useAction();
  const choose = (value: string, pagesWanted = 0) => {
    setFilter(value);
    setCount(pagesWanted);
    if (value !== filter) {
      setPages([]);
      setChosen((before) => before && []);
    }
  };
  useEffect(() => {
    const number = ++latest.current;
    if (!filter && !count) return;
    void act(async () => {
      const found: Listed[] = [];
      let after = filter ? null : first?.pageInfo.endCursor ?? null;
      const narrowed = { archived: filter === 'archived', tags: filter.startsWith('#') ? [filter.slice(1)] : null };
      while (found.length < count + (filter ? 1 : 0)) {
        const page = (await run(ConversationsDocument, { ...narrowed, after })).conversations;
        if (!page) break;
        found.push(page);
        after = page.pageInfo.endCursor ?? null;
        if (!page.pageInfo.hasNextPage) break;
      }
      if (number === latest.current) setPages(found);
    });
  }, [filter, count, first]);
  const all = filter || !first ? pages : [first, ...(count ? pages : [])];
  const shown = all.flatMap((page) => page.nodes).filter((one, index, list) => list.findIndex((other) => other.id === one.id) === index);
  const tags = new Set([...(kept.current?.conversationTags ?? []).map(({ tag }) => `#${tag}`), ...(filter.startsWith('#') ? [filter] : [])]);

  const isChoosing = chosen !== null && !isCopy;
  const ids = (chosen ?? []).filter((one) => shown.some((other) => other.id === one)); // one that was deleted elsewhere is not chosen any more
  const mark = (one: string, isWanted: boolean) => setChosen(isWanted ? [...ids, one] : ids.filter((other) => other !== one));
  const leave = () => {
    setChosen(null);
    toggle.current?.focus();
  };
  /** Go on after the chosen ones were archived or deleted; what was pressed for it goes with the choice. */
  const goOn = async (deleted: readonly string[]) => {
    toggle.current?.focus();
    setChosen([]);
    if (deleted.includes(id)) go('/chat');
    else await reload();
  };
  return (
    <aside class={`side${isChoosing ? ' choosing' : ''}`} aria-label={t.conversations} data-held={ids.length ? '' : undefined} onKeyDown={isChoosing ? onEscape(leave) : undefined}>
      {!isChoosing && <Link to="/chat" class="main" aria-current={id ? undefined : 'page'}>{t.newChat}</Link>}
      {!isCopy && <select name="narrow" aria-label={t.narrow} value={filter} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{t.allConversations}</option>
        <option value="archived">{t.inArchive}</option>
        {[...tags].map((tag) => <option value={tag}>{tag}</option>)}
      </select>}
      {!isCopy && (shown.length > 0 || isChoosing) && <button type="button" class="plain" ref={toggle} onClick={() => (isChoosing ? leave() : setChosen([]))}>{isChoosing ? t.chosenEnough : t.choose}</button>}
      {isChoosing && <Several ids={ids} isArchived={filter === 'archived'} goOn={goOn}>
        {shown.length > 0 && <button type="button" class="plain" onClick={() => setChosen(ids.length ? [] : shown.slice(0, MAX_CHOSEN).map((one) => one.id))}>{ids.length ? t.chooseNone : t.chooseAll}</button>}
      </Several>}
      <ul>
        {shown.map((one) => {
          const name = <>{one.pinned && <><Icon name="pin" /><span class="hidden">{t.pinned} </span></>}{one.title ?? t.untitled}</>;
          const isWanted = ids.includes(one.id);
          return <li key={one.id}>{isChoosing
            ? <label class="check"><input type="checkbox" checked={isWanted} disabled={!isWanted && ids.length >= MAX_CHOSEN} onChange={(event) => mark(one.id, event.currentTarget.checked)} /> <span>{name}</span></label>
            : <Link to={`/chat/${encodeURIComponent(one.id)}`} aria-current={one.id === id ? 'page' : undefined}>{name}</Link>}</li>;
        })}
      </ul>
      {filter && !busy && !shown.length && <p class="aside">{t.noneHere}</p>}
      {!isCopy && all.at(-1)?.pageInfo.hasNextPage && <button type="button" class="plain" disabled={busy} onClick={() => choose(filter, count + 1)}>{t.more}</button>}
      <Notice error={error} />
    </aside>
  );
}

/** What can be done with all conversations that are chosen, and the one receipt of it. */
function Several({ ids, isArchived, goOn, children }: { ids: readonly string[]; isArchived: boolean; goOn: (deleted: readonly string[]) => Promise<void>; children: ComponentChildren }) {
  const t = texts();
  const { act, busy, error, done } = useAction();
  const conversationIds = [...ids];
  const tell = (said: string, refused: readonly unknown[]) => (refused.length ? said + t.space + t.notThere(refused.length) : said);
  const archive = () => void act(async () => {
    const { conversations, refused } = settle((await run(ArchiveConversationsDocument, { input: { conversationIds, archived: !isArchived } })).conversationsArchive);
    await goOn([]);
    return tell(isArchived ? t.unarchivedMany(conversations.length) : t.archivedMany(conversations.length), refused);
  });
  const remove = async (dryRun: boolean) => settle((await run(DeleteConversationsDocument, { input: { conversationIds, dryRun } })).conversationsDelete);
  const forget = () => void act(async () => {
    const { deletedIds, refused, receipt } = await remove(false);
    await goOn(deletedIds);
    return tell(t.receiptMany(deletedIds.length, receipt.linesRemoved, receipt.valuesRemoved), refused);
  });
  const wouldForget = async () => {
    const { deletedIds, receipt } = await remove(true);
    return t.takesMany(deletedIds.length, receipt.linesRemoved, receipt.valuesRemoved);
  };
  return (
    <div class="chosen" role="group" aria-label={t.choose}>
      <h1 class="hidden">{t.choose}</h1>
      <p class="row"><span class="aside" role="status">{t.chosen(ids.length)}</span> {children}</p>
      {ids.length > 0 && <p class="row"><button type="button" disabled={busy} onClick={archive}>{isArchived ? t.unarchive : t.archive}</button> <DeleteButton key={ids.join()} label={t.deleteMessage} busy={busy} preview={wouldForget} act={forget} /></p>}
      <Notice error={error} done={done} />
    </div>
  );
}
