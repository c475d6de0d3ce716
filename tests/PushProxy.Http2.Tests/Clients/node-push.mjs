// Asks for a page and prints, as one line of JSON, what came with it.
import http2 from 'node:http2';

const [url, path, mode] = process.argv.slice(2);
const out = { pushed: {}, hints: [], events: [], enablePush: mode !== 'no-push' };
const client = http2.connect(url, { rejectUnauthorized: false, settings: { enablePush: mode !== 'no-push' } });
client.on('error', e => { out.events.push('error ' + e.code); });
client.on('goaway', code => out.events.push('goaway ' + code));
let open = 1;
const done = () => { if (--open === 0) client.close(() => console.log(JSON.stringify(out))); };
client.on('stream', (stream, headers) => {
  open++;
  const name = headers[':path'];
  out.pushed[name] = { id: stream.id, body: '' };
  if (mode === 'cancel') { stream.close(http2.constants.NGHTTP2_CANCEL); }
  stream.on('push', h => { out.pushed[name].status = h[':status']; });
  stream.setEncoding('utf8').on('data', d => { out.pushed[name].body += d; });
  stream.on('close', () => { out.pushed[name].code = stream.rstCode; done(); });
});
const request = client.request({ ':path': path });
request.on('headers', h => out.hints.push(h[':status'] + ' ' + h.link));
request.on('response', h => { out.status = h[':status']; });
out.body = '';
request.setEncoding('utf8').on('data', d => { out.body += d; });
request.on('close', () => setImmediate(done));
