// Prints every audit that a server does not pass: node run.mjs URL
import { serverAudits } from 'graphql-http';

const url = process.argv[2];
const audits = serverAudits({ url, fetchFn: fetch });
const results = [];
for (const audit of audits) results.push(await audit.fn());
console.log(JSON.stringify({ count: results.length, failed: results.filter(({ status }) => status !== 'ok').map(({ id, name, reason }) => ({ id, name, reason })) }));
