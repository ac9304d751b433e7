// Runs the compiled operations with Relay's store, by the ids of their documents. Arguments: the API's address and an access token.
import relay from 'relay-runtime';
import conversationsQuery from './artifacts/lifeConversationsQuery.graphql.js';
import pageQuery from './artifacts/lifeConversationsPageQuery.graphql.js';
import deleteMutation from './artifacts/lifeDeleteMutation.graphql.js';
import nodeQuery from './artifacts/lifeNodeQuery.graphql.js';
import sendMutation from './artifacts/lifeSendMutation.graphql.js';
import talkSubscription from './artifacts/lifeTalkSubscription.graphql.js';

const { Environment, Network, Observable, RecordSource, Store, commitMutation, fetchQuery, requestSubscription } = relay;
const [address, token] = process.argv.slice(2);
let texts = 0;

function send(request, variables, more = {}, signal = null) {
  texts += request.text ? 1 : 0;
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...more };
  return fetch(address, { method: 'POST', headers, body: JSON.stringify({ documentId: request.id, variables }), signal });
}

// Server-sent events in graphql-sse's distinct connections mode: `next` with a result in each, and `complete` at the end.
async function readEvents(request, variables, sink, signal) {
  const response = await send(request, variables, { accept: 'text/event-stream' }, signal);
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) throw new Error(await response.text());
  let pending = '';
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (pending + piece).split(/\r?\n\r?\n/);
    pending = blocks.pop();
    for (const block of blocks) {
      const field = (name) => block.split(/\r?\n/).filter((line) => line.startsWith(`${name}:`)).map((line) => line.slice(name.length + 1).trimStart()).join('\n');
      if (field('event') === 'complete') return sink.complete();
      if (field('event') === 'next') sink.next(JSON.parse(field('data')));
    }
  }
  throw new Error('the connection was lost');
}

const network = Network.create(
  async (request, variables) => (await send(request, variables)).json(),
  (request, variables) => Observable.create((sink) => {
    const leaving = new AbortController();
    readEvents(request, variables, sink, leaving.signal).catch((error) => sink.error(error));
    return () => leaving.abort();
  }),
);
const environment = new Environment({ network, store: new Store(new RecordSource()) });
const subscribe = (subscription, input) =>
  new Promise((done, failed) => {
    const events = [];
    requestSubscription(environment, { subscription, variables: { input }, onNext: (data) => events.push(data.messageStream), onCompleted: () => done(events), onError: failed });
  });
const mutate = (mutation, input) =>
  new Promise((done, failed) => commitMutation(environment, { mutation, variables: { input }, onCompleted: done, onError: failed }));
const query = (document, variables = {}) => fetchQuery(environment, document, variables, { networkCacheConfig: { force: true } }).toPromise();
const stored = (id) => environment.getStore().getSource().get(id);

const { messageSend: first } = await mutate(sendMutation, { content: 'I moved to Leeds.' });
const { messageSend: second } = await mutate(sendMutation, { content: '我喜欢爬山。' });
await query(conversationsQuery);
const connection = () => stored('client:root:__life_conversations_connection');
const page = connection().edges.__refs.length;
await query(pageQuery, { first: 5, after: stored(connection().pageInfo.__ref).endCursor });
const pages = connection().edges.__refs.length;
const titled = stored(second.conversation.id);
const { messageDelete: deleted } = await mutate(deleteMutation, { messageId: first.question.id });
const gone = deleted.deletedIds.every((id) => stored(id) == null);
const { node } = await query(nodeQuery, { id: second.answer.id });

const events = await subscribe(talkSubscription, { content: '我搬到了苏州。' });
const pieces = events.filter((event) => event.__typename === 'MessageStreamDelta').map((event) => event.text);
const { answer: streamed } = events.at(-1);
const refusals = await subscribe(talkSubscription, { content: ' ' });
const talk = {
  begins: events[0].__typename, ends: events.at(-1).__typename, question: events[0].question?.content, whole: pieces.length > 0 && pieces.join('') === streamed?.content,
  kept: stored(streamed?.id)?.content === streamed?.content, refused: refusals.map((event) => [event.__typename, event.field]),
};
console.log(JSON.stringify({ talk, texts, page, pages, type: deleted.__typename, deleted: deleted.deletedIds.length, gone, merged: 'lastMessageAt' in titled, content: node.content }));
