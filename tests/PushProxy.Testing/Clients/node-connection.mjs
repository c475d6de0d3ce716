// One HTTP/2 connection that does as it is told, a line of JSON for each request on standard input:
//   { id, method, path, headers, body, reset }   reset: { PATH: "promise" | "body" } resets that push at its promise (REFUSED_STREAM)
//                                                or at the first bytes of its content (CANCEL)
// and answers with a line of JSON on standard output, once the request and all that was pushed with it has ended.
//   node-connection.mjs ORIGIN push|no-push [ADDRESS of its own]
import http2 from 'node:http2';
import { createInterface } from 'node:readline';

const [origin, mode, localAddress] = process.argv.slice(2);
const { NGHTTP2_CANCEL, NGHTTP2_REFUSED_STREAM } = http2.constants;
const client = http2.connect(origin, { rejectUnauthorized: false, settings: { enablePush: mode === 'push' },
  ...(localAddress ? { localAddress } : {}) });
const errors = [];
client.on('error', e => errors.push(`error ${e.code}`));
client.on('goaway', code => { if (code) errors.push(`goaway ${code}`); });

// The fields as they came: [name, value] pairs, without pseudo-fields.
const fields = raw => raw.flatMap((name, i) => i % 2 || name.startsWith(':') ? [] : [[name, raw[i + 1]]]);
const read = stream => {
  const parts = [];
  stream.on('data', part => parts.push(part));
  return () => Buffer.concat(parts).toString('latin1');
};

// What is pushed belongs to the request told last.
let last;
client.on('stream', (stream, headers, flags, raw) => {
  const page = last, path = headers[':path'], push = { path, request: fields(raw), status: 0, fields: [] }, body = read(stream), reset = page.reset[path];
  page.pushed.push(push);
  page.open++;
  stream.on('push', (h, flags, raw) => { push.status = h[':status']; push.fields = fields(raw); });
  stream.on('error', () => { });
  stream.on('close', () => { push.body = body(); push.code = stream.rstCode; page.close(); });
  if (reset === 'promise') stream.close(NGHTTP2_REFUSED_STREAM);
  if (reset === 'body') stream.once('data', () => stream.close(NGHTTP2_CANCEL));
});

function ask({ id, method, path, headers, body: content, reset }) {
  const answer = { id, status: 0, fields: [], hints: [], pushed: [], errors };
  const mine = last = { reset, pushed: answer.pushed, open: 1, close() { if (--mine.open === 0) console.log(JSON.stringify(answer)); } };
  const stream = client.request({ ':method': method, ':path': path, 'user-agent': 'node', ...headers }), body = read(stream);
  stream.on('headers', (h, flags, raw) => answer.hints.push(fields(raw)));
  stream.on('response', (h, flags, raw) => { answer.status = h[':status']; answer.fields = fields(raw); });
  stream.on('error', () => { });
  stream.on('close', () => { answer.body = body(); answer.code = stream.rstCode; mine.close(); });
  stream.end(content);
}

createInterface({ input: process.stdin }).on('line', line => ask(JSON.parse(line))).on('close', () => client.close());
