// Runs the compiled operations with Relay's store, by the ids of their documents. Arguments: the API's address and an access token.
import relay from 'relay-runtime';
import conversationsQuery from './artifacts/lifeConversationsQuery.graphql.js';
import pageQuery from './artifacts/lifeConversationsPageQuery.graphql.js';
import deleteMutation from './artifacts/lifeDeleteMutation.graphql.js';
import nodeQuery from './artifacts/lifeNodeQuery.graphql.js';
import sendMutation from './artifacts/lifeSendMutation.graphql.js';

const { Environment, Network, RecordSource, Store, commitMutation, fetchQuery } = relay;
const [address, token] = process.argv.slice(2);
let texts = 0;

const network = Network.create(async (request, variables) => {
  texts += request.text ? 1 : 0;
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  return (await fetch(address, { method: 'POST', headers, body: JSON.stringify({ documentId: request.id, variables }) })).json();
});
const environment = new Environment({ network, store: new Store(new RecordSource()) });
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
console.log(JSON.stringify({ texts, page, pages, type: deleted.__typename, deleted: deleted.deletedIds.length, gone, merged: 'lastMessageAt' in titled, content: node.content }));
