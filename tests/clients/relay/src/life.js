// The operations of a frontend with Relay, for its compiler; run.mjs runs what it writes.
import { graphql } from 'relay-runtime';

graphql`
  fragment life_conversations on Query
  @argumentDefinitions(first: { type: "Int", defaultValue: 1 }, after: { type: "String" })
  @refetchable(queryName: "lifeConversationsPageQuery") {
    conversations(first: $first, after: $after) @connection(key: "life_conversations") {
      edges { node { id title ...life_heading } }
    }
  }
`;

graphql`fragment life_heading on Conversation { id pinned lastMessageAt }`;

graphql`query lifeConversationsQuery { ...life_conversations }`;

graphql`query lifeNodeQuery($id: ID!) { node(id: $id) { __typename id ... on Message { content } } }`;

graphql`
  mutation lifeSendMutation($input: MessageSendInput!) {
    messageSend(input: $input) {
      __typename
      ... on MessageSendSuccess { question { id content } answer { id content } conversation { id title } }
      ... on Error { code message }
    }
  }
`;

graphql`
  mutation lifeDeleteMutation($input: MessageDeleteInput!) {
    messageDelete(input: $input) {
      __typename
      ... on MessageDeleteSuccess { deletedIds @deleteRecord }
      ... on Error { code message }
    }
  }
`;

graphql`
  subscription lifeTalkSubscription($input: MessageSendInput) {
    messageStream(input: $input) {
      __typename
      ... on MessageStreamStarted { question { id content } }
      ... on MessageStreamDelta { text }
      ... on MessageSendSuccess { answer { id content } }
      ... on Error { code message field }
    }
  }
`;
