// Loaded before the conformance suite, which has no option for a header: adds the token to each of its requests, by fetch and by node:http.
import { subscribe } from "node:diagnostics_channel";

const bearer = `Bearer ${process.env.TOKEN}`;
subscribe("undici:request:create", ({ request }) => request.addHeader("authorization", bearer));
subscribe("http.client.request.created", ({ request }) => request.setHeader("authorization", bearer));
