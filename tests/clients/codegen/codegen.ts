import type { CodegenConfig } from '@graphql-codegen/cli';

// All screens as one project, as a frontend has them; run in web/, whose packages it uses. OUTPUT: the directory to write to.
const config: CodegenConfig = {
  schema: '../schema.graphql',
  documents: '../tests/graph/screens/*.graphql',
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
