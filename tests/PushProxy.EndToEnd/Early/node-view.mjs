// Views a page again and again over one HTTP/2 connection that takes pushes, and prints a line of JSON for each thing that happens.
//   node-view.mjs ORIGIN PATH VIEWS [CANCELLED]     CANCELLED: the path of a push to reset at its first bytes
import http2 from 'node:http2';

const [origin, path, views, cancelled] = process.argv.slice(2);
const say = (event, more) => console.log(JSON.stringify({ event, ...more }));
const client = http2.connect(origin, { rejectUnauthorized: false });
client.on('error', e => say('error', { code: e.code }));
client.on('goaway', code => say('goaway', { code }));

const pushes = new Set();
client.on('stream', (stream, headers) => {
  const push = { path: headers[':path'], bytes: 0 };
  pushes.add(stream);
  say('promised', { path: push.path, accept: headers.accept });
  stream.on('push', h => { push.status = h[':status']; });
  stream.on('data', data => {
    push.bytes += data.length;
    if (push.path === cancelled && !stream.closed) stream.close(http2.constants.NGHTTP2_CANCEL);
  });
  stream.on('error', () => { });
  stream.on('close', () => { pushes.delete(stream); say('pushed', { ...push, code: stream.rstCode }); settle(); });
});

let settle = () => { };
for (let view = 0; view < Number(views); view++) {
  await new Promise(done => {
    const request = client.request({ ':path': path });
    let status, bytes = 0, ended = false;
    settle = () => { if (ended && pushes.size === 0) done(); };
    request.on('response', h => { status = h[':status']; say('page', { status, link: h.link ?? '' }); });
    request.on('data', data => { bytes += data.length; });
    request.on('close', () => { say('view', { view, status, bytes, code: request.rstCode }); ended = true; settle(); });
  });
}
client.close();
