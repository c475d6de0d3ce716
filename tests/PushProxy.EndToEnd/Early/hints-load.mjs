// Many requests at once over several HTTP/2 connections, each for PATH?id=N, whose 103 must name /N.css and whose body must be N.
// Prints what was wrong, and at the end a line of JSON: { requests, right, connections }.
//   hints-load.mjs ORIGIN PATH CONNECTIONS REQUESTS AT_ONCE
import http2 from 'node:http2';

const [origin, path, connections, requests, atOnce] = process.argv.slice(2).map((a, i) => i < 2 ? a : Number(a));
let next = 0, right = 0;
const clients = Array.from({ length: connections }, () => http2.connect(origin, { rejectUnauthorized: false, settings: { enablePush: false } }));

const ask = client => new Promise(done => {
  const id = next++, hints = [];
  const stream = client.request({ ':path': `${path}?id=${id}`, accept: 'text/html' });
  let body = '';
  stream.on('headers', h => hints.push(`${h[':status']} ${h.link}`));
  stream.on('data', part => { body += part; });
  stream.on('error', e => { hints.push(e.code); });
  stream.on('close', () => {
    if (body === `${id}` && hints.length === 1 && hints[0] === `103 </${id}.css>; rel=preload; as=style`) right++;
    else console.log(id, body, hints);
    done();
  });
});
await Promise.all(clients.flatMap(client => Array.from({ length: atOnce }, async () => { while (next < requests) await ask(client); })));
clients.forEach(client => client.close());
console.log(JSON.stringify({ requests, right }));
