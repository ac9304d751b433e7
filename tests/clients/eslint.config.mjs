// The rules of graphql-eslint for schemas, all of them, and what is excepted with its reason. Run from the project's root.
import graphql from '@graphql-eslint/eslint-plugin';

const all = graphql.configs['flat/schema-all'].rules;

const withoutId = [
  // a part of the object that has it, without an identity of its own
  'AnswerNotice', 'ApiTokenUse', 'ChatImportPart', 'ClaimCheck', 'Companion', 'ConversationMemory', 'Cost', 'DiaryEvidence', 'DiaryInsights', 'DiarySignal', 'DroppedClaims',
  'ImportOmission', 'ImportSkipped', 'ImportSuggestion', 'JobRunCounts', 'MemoryGap', 'MemorySettings', 'MemoryStored', 'MessageCarries', 'MessageSources', 'MessageTokens',
  'ProfileEvidence', 'ProfileSection', 'ProfileValuePoint', 'RecapHighlight', 'RecapMention', 'ToolCall', 'UpcomingEvent',
  // a result that is computed for its arguments: a period, a day, a moment
  'Changes', 'CompanionPreset', 'ConversationTag', 'Day', 'DiaryCalendar', 'DiaryCalendarDay', 'DiaryStats', 'Health', 'JobFailure', 'JobState', 'Nights', 'Pause', 'ProfileSectionThen',
  'ProfileSlotSetting', 'ProfileSnapshot', 'ProfileValueThen', 'Recap', 'SearchMatch', 'UsageDay', 'UsagePerson', 'UsageToday',
  // what a mutation or a subscription tells once
  'ChangesAvailable', 'ConversationRefusal', 'ExportedText', 'ForgettingReceipt', 'ImportReport', 'InputFault', 'MessageStreamDelta', 'MessageStreamStarted',
  'PageInfo', // of Relay
];

export default [{
  files: ['schema.graphql'],
  plugins: { '@graphql-eslint': graphql },
  languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema: 'schema.graphql' } } },
  linterOptions: { reportUnusedDisableDirectives: 'error' },
  rules: {
    ...all,
    ...graphql.configs['flat/schema-relay'].rules,
    '@graphql-eslint/alphabetize': 'off', // fields are in the order of their meaning, which is the order of documentation
    '@graphql-eslint/no-root-type': 'off', // the API has mutations and subscriptions
    '@graphql-eslint/require-deprecation-date': 'off', // a field goes with a version, and its reason says what to use instead
    '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }], // a connection may page in one direction
    '@graphql-eslint/relay-edge-types': ['error', { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false }], // lists of parts are no pages
    '@graphql-eslint/strict-id-in-types': ['error', {
      acceptedIdNames: ['id'], acceptedIdTypes: ['ID'],
      exceptions: { types: withoutId, suffixes: ['Success', 'Error', 'Connection', 'Edge'] }, // results of mutations and parts of pages
    }],
  },
}];
