import type { CodegenConfig } from '@graphql-codegen/cli';

// Documents are strings in the bundle, so that it needs no GraphQL parser.
const config: CodegenConfig = {
  schema: '../schema.graphql',
  documents: 'src/documents/*.graphql',
  generates: {
    'src/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: 'string',
        useTypeImports: true,
        enumsAsTypes: true,
        scalars: { ID: 'string', Date: 'string', DateTime: 'string', TimeZone: 'string', Locale: 'string', EmailAddress: 'string', BigInt: 'number' },
      },
    },
  },
};

export default config;
