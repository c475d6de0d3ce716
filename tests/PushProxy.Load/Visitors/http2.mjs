// One HTTP/2 connection to one site, by Node's client, with what is pushed over it.
import http2 from 'node:http2';
import net from 'node:net';
import tls from 'node:tls';
import { Failure, describe, kindOf } from './failures.mjs';

const { NGHTTP2_CANCEL, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } = http2.constants;
// RFC 9113 §7, by number.
const codes = [
  'NO_ERROR', 'PROTOCOL_ERROR', 'INTERNAL_ERROR', 'FLOW_CONTROL_ERROR', 'SETTINGS_TIMEOUT', 'STREAM_CLOSED', 'FRAME_SIZE_ERROR', 'REFUSED_STREAM',
  'CANCEL', 'COMPRESSION_ERROR', 'CONNECT_ERROR', 'ENHANCE_YOUR_CALM', 'INADEQUATE_SECURITY', 'HTTP_1_1_REQUIRED',
];

export class Http2Connection {
  #session;
  #origin;
  #tally;
  #pushed = new Map();
  #failure = null;
  #dropped = false;
  #served = 0;

  /** @param has tells whether a URL is fresh in the cache of the one whose connection this is. */
  constructor(origin, { ca, insecure, port, push, tally, has }) {
    this.#origin = origin;
    this.#tally = tally;
    tally.counts.views.connections++;
    const at = { host: origin.hostname.replace(/^\[|\]$/g, ''), port: port || origin.port || (origin.protocol === 'https:' ? 443 : 80) };
    const name = net.isIP(at.host) ? {} : { servername: at.host };
    const socket = origin.protocol === 'https:' ? tls.connect({ ...at, ...name, ca, rejectUnauthorized: !insecure, ALPNProtocols: ['h2'] }) : net.connect(at);
    socket.setNoDelay(true);
    socket.on('secureConnect', () => {
      if (socket.alpnProtocol !== 'h2') socket.destroy(Object.assign(new Error('the server does not speak HTTP/2'), { code: 'ERR_TLS_ALPN' }));
    });
    socket.on('error', error => { this.#failure ??= error; });
    socket.on('close', () => { this.#dropped = true; });
    // As large as browsers make them.
    const settings = { enablePush: push, initialWindowSize: 6 << 20, maxConcurrentStreams: 1000 };
    this.#session = http2.connect(origin.origin, { createConnection: () => socket, settings });
    this.#session.on('connect', () => { if (!this.#session.destroyed) this.#session.setLocalWindowSize(15 << 20); });
    this.#session.on('error', error => { this.#failure ??= error; });
    this.#session.on('goaway', code => { if (code !== NGHTTP2_NO_ERROR) this.#failure ??= new Error(`GOAWAY ${codes[code] ?? code}`); });
    this.#session.on('stream', (stream, headers) => this.#promised(stream, headers, has));
  }

  get usable() { return !this.#session.closed && !this.#session.destroyed; }

  /** What was pushed of this URL and nobody has taken yet. */
  take(url) {
    const push = this.#pushed.get(url);
    if (!push || push.failed) return undefined;
    this.#pushed.delete(url);
    this.#tally.counts.pushes.used++;
    push.taken = true;
    this.#tally.counts.pushes.usedBytes += push.bytes;
    return push;
  }

  /** @param on as of HTTP/1.1, and early(headers) for a 103. */
  fetch(url, headers, on) {
    const { pathname, search } = new URL(url);
    const stream = this.#session.request({ ':path': pathname + search, ...headers }, { endStream: true });
    let answered = false;
    stream.on('headers', h => { if (h[':status'] === 103) on.early?.(h); });
    stream.on('response', h => { answered = true; on.response(h[':status'], h); });
    return this.#read(stream, 'response', on, () => answered);
  }

  /** Lets go of it: no request is under way. Pushes nobody took come to their end first. */
  close() {
    for (const push of this.#pushed.values()) this.#leave(push, 'unused');
    this.#pushed.clear();
    if (this.usable) this.#session.close();
  }

  /** Ends it at once, as a closed window does. */
  destroy() {
    this.abandonPushes();
    this.#session.destroy();
  }

  /** Nobody will take what has been pushed so far: what is still under way is reset. */
  abandonPushes() {
    for (const push of this.#pushed.values()) {
      this.#leave(push, 'abandoned');
      if (!push.ended) push.cancel();
    }
    this.#pushed.clear();
  }

  #promised(stream, headers, has) {
    const url = `${headers[':scheme']}://${headers[':authority']}${headers[':path']}`, counts = this.#tally.counts.pushes;
    counts.promised++;
    const push = { bytes: 0, ended: false, failed: null, taken: false, left: null, events: [], on: null };
    if (this.#pushed.has(url)) this.#leave(push, 'unused');
    else if (has(url)) this.#leave(push, 'cancelled');
    else this.#pushed.set(url, push);
    const tell = (name, ...values) => { if (push.on) push.on[name]?.(...values); else push.events.push([name, values]); };
    stream.on('push', h => tell('response', h[':status'], h));
    const handle = this.#read(stream, 'push', {
      data: chunk => {
        push.bytes += chunk.length;
        if (push.taken) counts.usedBytes += chunk.length;
        tell('data', chunk);
      },
      end: () => { push.ended = true; this.#settle(push); tell('end'); },
      fail: failure => {
        push.failed = failure;
        if (this.#pushed.get(url) === push) { this.#pushed.delete(url); this.#leave(push, 'failed'); }
        push.ended = true;
        this.#settle(push);
        tell('fail', failure);
      },
    }, () => true);
    push.cancel = () => { handle.cancel(); push.ended = true; this.#settle(push); };
    push.attach = on => { push.on = on; for (const [name, values] of push.events.splice(0)) on[name]?.(...values); };
    if (push.left === 'cancelled' || push.left === 'unused') push.cancel();
  }

  // What becomes of a push that is not used is counted once; its bytes when no more of them come.
  #leave(push, as) {
    push.left = as;
    this.#tally.counts.pushes[as]++;
    if (push.ended) this.#settle(push);
  }

  #settle(push) {
    if (push.left && !push.settled) { push.settled = true; this.#tally.counts.pushes.wastedBytes += push.bytes; }
  }

  // Node (seen in 20) now and then tells of the first data before the head, if both come at once. So data is asked for after the head.
  #read(stream, head, on, answered) {
    let complete = false, cancelled = false;
    stream.once(head, () => stream.on('data', on.data));
    stream.on('end', () => { complete = true; });
    stream.on('error', error => { if (!this.#failure && kindOf(error) === 'tls') this.#failure = error; });
    stream.on('close', () => {
      if (cancelled) return;
      const code = stream.rstCode;
      if (complete && code === NGHTTP2_NO_ERROR && !stream.aborted) { this.#served++; on.end(); } else on.fail(this.#why(code, answered()));
    });
    return { cancel: () => { cancelled = true; stream.close(NGHTTP2_CANCEL); } };
  }

  // A connection that has served before and then goes away did nothing wrong with this request: it may be sent again.
  #why(code, answered) {
    if (this.#failure && !(this.#dropped && this.#served)) return new Failure(kindOf(this.#failure), describe(this.#failure));
    if (code === NGHTTP2_REFUSED_STREAM) return new Failure('reset', 'RST_STREAM REFUSED_STREAM', !answered);
    if (this.#dropped || this.#session.destroyed) return new Failure('lost', describe(this.#failure ?? new Error('the connection was closed')), !answered && this.#served > 0);
    return new Failure('reset', `RST_STREAM ${codes[code] ?? code}`);
  }
}
