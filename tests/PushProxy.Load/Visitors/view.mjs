// One view of a page: the page, what it names, and what that names in turn.
import { Failure } from './failures.mjs';
import { Hints } from './hints.mjs';
import { PageScanner, resolve, stylesheet } from './page.mjs';
import { fieldsOf, reader } from './request.mjs';

const mostRedirects = 5;

export class View {
  #visitor;
  #tally;
  #mode;
  #due;
  #page;
  #items = new Map();
  #pending = 0;
  #blocking = 0;
  #fonts = [];
  #times = {};
  #requests = 0;
  #bytes = 0;
  #redirects = 0;
  #failed = false;
  #over = false;
  #headRead = false;
  #hints;
  #resolve;

  /** @param due when it should have begun: what a busy driver is late counts, too. */
  constructor(visitor, { tally, mode, due }) {
    this.#visitor = visitor;
    this.#tally = tally;
    this.#mode = mode;
    this.#hints = new Hints(tally, mode);
    this.#due = due;
  }

  /** @returns 'finished', 'failed' or 'cancelled', how long what took, the requests sent, and the bytes received, pushes it took included. */
  run(page) {
    return new Promise(done => {
      this.#resolve = done;
      this.#navigate(page);
    });
  }

  /** Breaks it off, by closing the connection or by resetting what is under way. */
  cancel(closing) {
    if (this.#over) return;
    this.#breakOff(() => { this.#tally.counts.requests.cancelled++; });
    if (closing) this.#visitor.destroy(); else this.#visitor.abandonPushes();
    this.#end('cancelled');
  }

  /** Time is up: what is still under way has failed. */
  expire() {
    if (this.#over) return;
    this.#breakOff(item => this.#fail(item, new Failure('timeout', 'not there in time')));
    this.#visitor.destroy();
    this.#end('failed');
  }

  #breakOff(tell) {
    for (const item of this.#items.values()) {
      if (!item.handle) continue;
      item.handle.cancel();
      if (!item.pushed) tell(item);
      item.handle = null;
    }
  }

  #navigate(url) {
    this.#page = url;
    const scanner = new PageScanner(url, found => this.#need(found));
    const item = this.#load({ url, kind: 'document', blocking: true, scanner });
    item.needed = true;
  }

  #need(found) {
    const item = this.#items.get(found.url) ?? this.#load(found);
    item.needed = true;
    if (found.blocking && !item.blocking && !item.done) { item.blocking = true; this.#blocking++; }
    if (item.done) this.#expand(item);
  }

  /** What a done stylesheet names is needed once the page needs the stylesheet; fonts, once there is something to lay out. */
  #expand(item) {
    for (const found of item.found ?? []) {
      if (found.kind === 'font' && (this.#blocking || !this.#headRead)) this.#fonts.push(found);
      else this.#need({ ...found, blocking: found.blocking && item.blocking });
    }
    item.found = null;
  }

  #load({ url, kind, blocking, cors, scanner }) {
    const item = { url, kind, blocking, cors, scanner, needed: false, done: false, handle: null, pushed: false, bytes: 0 };
    this.#items.set(url, item);
    if (new URL(url).origin !== this.#visitor.origin) {
      // Somebody else's server is not what is tested.
      this.#tally.counts.requests.elsewhere++;
      item.blocking = false;
      item.done = item.elsewhere = true;
      return item;
    }
    this.#pending++;
    if (blocking) this.#blocking++;
    if (this.#visitor.cache.isFresh(url)) {
      this.#tally.counts.requests.fromCache++;
      item.cached = true;
      setImmediate(() => { if (!this.#over) this.#useStored(item); });
      return item;
    }
    const push = this.#visitor.takePush(url);
    if (push) {
      item.pushed = true;
      item.handle = push;
      // What has come of it already is not to be told before whoever asked knows that it is being loaded.
      queueMicrotask(() => push.attach(this.#receiver(item)));
    } else {
      this.#ask(item, false);
    }
    return item;
  }

  #ask(item, again) {
    this.#tally.counts.requests.sent++;
    this.#requests++;
    item.again = again;
    item.pushed = false;
    try {
      item.handle = this.#visitor.connection().fetch(item.url, fieldsOf(item, this.#page, this.#visitor, this.#mode), this.#receiver(item));
    } catch (error) {
      queueMicrotask(() => { if (!this.#over) this.#failedRequest(item, new Failure('protocol', error.message)); });
    }
  }

  #receiver(item) {
    const on = {
      early: headers => this.#hints.early(headers, item.url, item.kind === 'document', found => this.#hinted(found)),
      response: (status, headers) => this.#respond(item, status, headers),
      data: chunk => {
        if (!item.pushed) this.#tally.counts.requests.bytes += chunk.length;
        item.bytes += chunk.length;
        this.#bytes += chunk.length;
        item.sink?.write(chunk);
      },
      end: () => this.#received(item),
      fail: failure => this.#failedRequest(item, failure),
    };
    // What has been broken off is heard no more.
    return Object.fromEntries(Object.entries(on).map(([name, action]) => [name, (...values) => { if (!this.#over) action(...values); }]));
  }

  #hinted(found) { return this.#items.has(found.url) ? null : this.#load(found); }

  #respond(item, status, headers) {
    item.status = status;
    item.headers = headers;
    this.#visitor.cookies.take(headers['set-cookie']);
    if (item.kind === 'document' && this.#times.firstByte === undefined) this.#times.firstByte = this.#elapsed();
    if (item.kind === 'document' && status < 300) this.#hints.link(headers.link, item.url, found => this.#hinted(found));
    if (status !== 200 || (item.kind !== 'document' && item.kind !== 'style')) return;
    const isPage = item.kind === 'document' && /html/.test(headers['content-type'] ?? '');
    item.text = '';
    item.sink = reader(
      headers,
      text => { if (!this.#over) { if (isPage) this.#scan(item, text); else if (item.kind === 'style') item.text += text; } },
      error => { if (!this.#over) this.#failedRequest(item, new Failure('truncated', `not decodable: ${error.message}`)); });
  }

  #scan(item, text) {
    item.scanner.write(text);
    if (item.scanner.inBody) this.#read();
  }

  /** The head is there: with what blocks, this is what a display waits for. */
  #read() {
    if (this.#headRead) return;
    this.#headRead = true;
    this.#check();
  }

  #received(item) {
    const stated = item.headers?.['content-length'];
    if (stated !== undefined && item.status !== 304 && Number(stated) !== item.bytes) {
      return this.#failedRequest(item, new Failure('truncated', `${item.bytes} of ${stated} bytes`));
    }
    if (item.sink) item.sink.end(() => { if (!this.#over && !item.done) this.#answered(item); }); else this.#answered(item);
  }

  #answered(item) {
    item.handle = null;
    const { url, status, headers } = item;
    if (!item.pushed) this.#tally.answered(status);
    if (status === 304 && this.#visitor.cache.get(url)) {
      this.#tally.counts.requests.notModified++;
      this.#visitor.cache.renew(url, headers);
      return this.#useStored(item);
    }
    if (status >= 300 && status < 400 && headers.location) return this.#redirected(item, resolve(headers.location, url));
    if (status >= 400) this.#bad(item, 'status', `${status}`);
    if (status === 200) {
      if (item.kind === 'style') item.found = stylesheet(item.text, url);
      this.#visitor.cache.store(url, headers, item.bytes, item.kind === 'document' ? [...this.#items.values()].filter(i => i.needed && i !== item).map(stored) : item.found);
    }
    this.#done(item);
  }

  #redirected(item, target) {
    if (target && new URL(target).origin === this.#visitor.origin && ++this.#redirects <= mostRedirects) {
      if (item.kind === 'document') this.#navigate(target);
      else if (!this.#items.has(target)) this.#need({ ...item, url: target });
    } else if (item.kind === 'document') {
      this.#bad(item, 'redirect', `to ${target ?? item.headers.location}`);
    }
    this.#done(item);
  }

  #useStored(item) {
    const stored = this.#visitor.cache.get(item.url);
    if (item.kind === 'document') for (const found of stored.found ?? []) this.#need(found);
    else item.found = stored.found;
    this.#done(item);
  }

  #failedRequest(item, failure) {
    if (item.done) return;
    item.handle = null;
    const unusedPush = item.pushed;
    if ((failure.again || unusedPush) && !item.again) {
      if (!unusedPush) this.#tally.counts.requests.retried++;
      Object.assign(item, { bytes: 0, sink: null, status: undefined });
      return this.#ask(item, true);
    }
    this.#fail(item, failure);
    this.#done(item);
  }

  #fail(item, failure) {
    if (!item.pushed) this.#tally.counts.requests.failed++;
    this.#bad(item, failure.kind, failure.message);
  }

  #bad(item, kind, what) {
    this.#failed = true;
    this.#tally.error(kind, item.url, what);
  }

  #done(item) {
    item.done = true;
    item.sink = null;
    if (item.blocking) this.#blocking--;
    this.#pending--;
    if (item.kind === 'document' && item.url === this.#page) this.#headRead = true;
    if (item.needed && item.kind !== 'document') this.#expand(item);
    this.#check();
  }

  #check() {
    if (this.#over) return;
    if (this.#headRead && this.#blockers() === 0) {
      this.#times.display ??= this.#elapsed();
      for (const font of this.#fonts.splice(0)) this.#need(font);
    }
    if (this.#pending === 0) {
      this.#times.complete = this.#elapsed();
      this.#end(this.#failed ? 'failed' : 'finished');
    }
  }

  // The page itself is one until its head is read.
  #blockers() {
    const page = this.#items.get(this.#page);
    return this.#blocking - (page.done ? 0 : 1);
  }

  #end(outcome) {
    this.#over = true;
    this.#hints.settle(outcome === 'cancelled');
    this.#resolve({ outcome, times: this.#times, requests: this.#requests, bytes: this.#bytes });
  }

  #elapsed() { return performance.now() - this.#due; }
}

const stored = ({ url, kind, blocking, cors }) => ({ url, kind, blocking, cors });
