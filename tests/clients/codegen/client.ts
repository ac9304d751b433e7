// A frontend with all screens as one project: type-checked in strict mode, then run by node. Arguments: the API's address and an access token.
import { useFragment } from './generated/fragment-masking.ts';
import {
  BubbleFragmentDoc, ChatDocument, DayDocument, HeadingFragmentDoc, MeFragmentDoc, RefusedFragmentDoc, SendDocument, SettingsDocument, UpdateAccountDocument,
  type TypedDocumentString,
} from './generated/graphql.ts';

declare const process: { argv: string[] };
const [address, token] = process.argv.slice(2) as [string, string];

async function run<R, V>(document: TypedDocumentString<R, V>, variables: V, byId = false): Promise<R> {
  const named = byId ? { documentId: document.__meta__?.['hash'] } : { query: document.toString() };
  const headers = { 'content-type': 'application/json', accept: 'application/graphql-response+json', authorization: `Bearer ${token}` };
  const response = await fetch(address, { method: 'POST', headers, body: JSON.stringify({ ...named, variables }) });
  const body = (await response.json()) as { data?: R; errors?: unknown };
  if (body.errors || !body.data) throw new Error(JSON.stringify(body));
  return body.data;
}

const { messageSend: sent } = await run(SendDocument, { input: { content: 'I moved to Hangzhou. 我喜欢爬山。' } });
if (!sent || !('answer' in sent) || !sent.answer) throw new Error(JSON.stringify(sent));
const answer = useFragment(BubbleFragmentDoc, sent.answer);
const { id } = useFragment(HeadingFragmentDoc, sent.conversation);
const chat = await run(ChatDocument, { id, isOpen: true, last: 50 }, true);
const shown = (chat.conversation?.messages.nodes ?? []).map((message) => useFragment(BubbleFragmentDoc, message).id);
const { accountUpdate: saved } = await run(UpdateAccountDocument, { input: { timeZone: 'Nowhere/None' } }, true);
const refused = saved && !('user' in saved) ? useFragment(RefusedFragmentDoc, saved) : null;
const me = useFragment(MeFragmentDoc, (await run(SettingsDocument, {}, true)).viewer);
const day = await run(DayDocument, { date: me?.today ?? '', year: 2026, month: 1 });
console.log(JSON.stringify({ newest: shown.at(-1) === answer.id, messages: shown.length, field: refused?.field, email: me?.email, zone: day.viewer?.timeZone }));

// What the compiler has to refuse: it reports each of these lines when it does not.
export const wrong = {
  // @ts-expect-error a message is text
  input: () => run(SendDocument, { input: { content: 5 } }),
  // @ts-expect-error the variable is required
  missing: () => run(ChatDocument, {}),
  // @ts-expect-error a fragment's fields are read through the fragment
  masked: sent.answer.content,
  // @ts-expect-error there may be no conversation
  absent: chat.conversation.messages,
};
