// What can be set for one conversation, before its first message and later: title, tags, memory, play, and its end.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { run, settle } from '../api';
import { UpdateConversationDocument, type ConversationUpdateInput, type HeadingFragment } from '../generated/graphql';
import { GapQuestion, Notice, onEscape, tagsOf, useAction, type Gap } from '../parts';
import { texts } from '../texts';

export type Switches = HeadingFragment['memory'];
/** How a conversation begins. */
export type Beginning = { temporary: boolean; memory: Switches };
export const ALL_ON: Switches = { diary: true, profile: true, toldInChats: true };

/** Return what a conversation is besides its title, in short. */
export function marksOf(one: Pick<HeadingFragment, 'play' | 'temporary' | 'archived' | 'tags' | 'memory'>): string[] {
  const t = texts();
  const { diary, profile, toldInChats } = one.memory ?? ALL_ON; // a copy on the device does not know them
  return [one.temporary ? t.temporaryMark : '', one.play ? t.playMark : '', one.archived ? t.archived : '', diary && profile && toldInChats ? '' : t.memoryLess, ...(one.tags ?? []).map((tag) => `#${tag}`)].filter(Boolean);
}

function MemorySwitches({ memory, busy, change }: { memory: Switches; busy: boolean; change: (memory: Partial<Switches>) => void }) {
  const t = texts();
  const box = (name: keyof Switches, label: string, hint: string) => (
    <label class="check"><input type="checkbox" name={`here-${name}`} checked={memory[name]} disabled={busy} onChange={(event) => change({ [name]: event.currentTarget.checked })} /> <span>{label}<span class="aside">{hint}</span></span></label>
  );
  return (
    <fieldset>
      <legend>{t.memoryHere}</legend>
      <p class="aside">{t.memoryHereHint}</p>
      {box('diary', t.memoryDiary, t.memoryDiaryHint)}
      {box('profile', t.memoryProfile, t.memoryProfileHint)}
      {box('toldInChats', t.memoryTold, t.memoryToldHint)}
    </fieldset>
  );
}

/** What holds for a conversation that has not begun. */
export function Begin({ beginning, change, close }: { beginning: Beginning; change: (beginning: Beginning) => void; close: () => void }) {
  const t = texts();
  return (
    <div class="options" id="options" onKeyDown={onEscape(close)}>
      <label class="check"><input type="checkbox" name="temporary" checked={beginning.temporary} onChange={(event) => change({ ...beginning, temporary: event.currentTarget.checked })} /> <span>{t.temporary}<span class="aside">{t.temporaryHint}</span></span></label>
      <MemorySwitches memory={beginning.memory} busy={false} change={(memory) => change({ ...beginning, memory: { ...beginning.memory, ...memory } })} />
    </div>
  );
}

/** What holds for this conversation; `children` are the buttons that copy and delete it. */
export function Options({ heading, take, close, children }: { heading: HeadingFragment; take: (heading: HeadingFragment) => void; close: () => void; children: ComponentChildren }) {
  const t = texts();
  const { act, busy, error, done } = useAction();
  const [gap, setGap] = useState<Gap>(null);
  const update = (changes: Omit<ConversationUpdateInput, 'conversationId'>, said = t.saved) => act(async () => {
    const found = settle((await run(UpdateConversationDocument, { input: { conversationId: heading.id, ...changes } })).conversationUpdate);
    setGap(found.gap ?? null);
    take(found.conversation);
    return said;
  });
  return (
    <div class="options" id="options" data-held onKeyDown={onEscape(close)}>
      <form onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        void update({ title: String(form.get('title')).trim() || null, tags: tagsOf(String(form.get('tags'))) });
      }}>
        <div class="pair">
          <label>{t.conversationTitle}<input name="title" maxLength={200} defaultValue={heading.title ?? ''} key={heading.title} /></label>
          <label>{t.tags}<input name="tags" defaultValue={heading.tags.join(', ')} key={heading.tags.join()} aria-describedby="tags-hint" /></label>
        </div>
        <p class="row"><button class="main" disabled={busy}>{t.save}</button> <span class="aside" id="tags-hint">{t.tagsHint}</span></p>
      </form>
      <p class="row">
        <button type="button" disabled={busy} onClick={() => void update({ pinned: !heading.pinned })}>{heading.pinned ? t.unpin : t.pin}</button>
        <button type="button" disabled={busy} onClick={() => void update({ archived: !heading.archived })}>{heading.archived ? t.unarchive : t.archive}</button>
        {children}
      </p>
      <label class="check"><input type="checkbox" name="play" checked={heading.play} disabled={busy} onChange={(event) => void update({ play: event.currentTarget.checked })} /> <span>{t.play}<span class="aside">{t.playHint}</span></span></label>
      {heading.temporary && <p class="row"><span>{t.temporary}. <span class="aside">{t.temporaryHint}</span></span> <button type="button" disabled={busy} onClick={() => void update({ temporary: false }, t.kept)}>{t.keepConversation}</button></p>}
      <MemorySwitches memory={heading.memory} busy={busy} change={(memory) => void update({ memory })} />
      <GapQuestion gap={gap} answer={async (learnFrom) => {
        const found = settle((await run(UpdateConversationDocument, { input: { conversationId: heading.id, memory: { learnFrom } } })).conversationUpdate);
        setGap(found.gap ?? null);
        take(found.conversation);
      }} />
      <Notice error={error} done={done} />
    </div>
  );
}
