// Writes the package's strings out as the files that a browser wants: node unpack.mjs DIRECTORY
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { css, editorWorkerService, favicon, graphqlWorker, js, jsonWorker } from '@graphql-yoga/render-graphiql/graphiql';

const directory = process.argv[2];
const files = {
  'graphiql.js': js,
  'graphiql.css': css,
  'editorWorkerService.worker.js': editorWorkerService,
  'json.worker.js': jsonWorker,
  'graphql.worker.js': graphqlWorker,
  'favicon.ico': Buffer.from(favicon.slice(favicon.indexOf(',') + 1), 'base64'),
};
for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
