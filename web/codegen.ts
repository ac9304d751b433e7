import type { CodegenConfig } from '@graphql-codegen/cli';

// Documents are strings in the bundle, so that it needs no GraphQL parser. Each has its hash, by which a server with the manifest knows it
// (TRUSTED_DOCUMENTS): src/generated/persisted-documents.json, which the build copies to trusted-documents.json.
const config: CodegenConfig = {
  schema: '../schema.graphql',
  documents: 'src/documents/*.graphql',
  generates: {
    'src/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false, persistedDocuments: { mode: 'embedHashInDocument', hashAlgorithm: 'sha256' } },
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
