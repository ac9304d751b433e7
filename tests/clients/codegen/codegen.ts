import type { CodegenConfig } from '@graphql-codegen/cli';

// The web app's documents as one project, with masked fragments; run in web/, whose packages it uses. OUTPUT: the directory to write to.
const config: CodegenConfig = {
  schema: '../schema.graphql',
  documents: 'src/documents/*.graphql',
  generates: {
    [`${process.env.OUTPUT}/generated/`]: {
      preset: 'client',
      presetConfig: { persistedDocuments: { mode: 'embedHashInDocument', hashAlgorithm: 'sha256' } },
      config: {
        documentMode: 'string',
        useTypeImports: true,
        enumsAsTypes: true,
        strictScalars: true,
        scalars: { Date: 'string', DateTime: 'string', TimeZone: 'string', Locale: 'string', EmailAddress: 'string', BigInt: 'number' },
      },
    },
  },
};

export default config;
