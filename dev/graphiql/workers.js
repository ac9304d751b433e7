// Before graphiql.js: where its editor finds its workers.
self.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (module, label) => `/graphiql/${label}.worker.js` };
