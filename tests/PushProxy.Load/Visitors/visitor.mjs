// Someone with a browser: a cache, cookies, and a connection (over HTTP/1.1: six).
import { Cache, CookieJar } from './cache.mjs';
import { Http1Connections } from './http1.mjs';
import { Http2Connection } from './http2.mjs';

export class Visitor {
  #site;
  #options;
  #connection = null;
  static #visitors = 0;
  cache = new Cache();
  cookies = new CookieJar();

  constructor(site, options) {
    this.#site = site;
    this.#options = options;
    this.browser = options.browsers > 1 ? ` ${Visitor.#visitors++ % options.browsers}` : '';
  }

  get origin() { return this.#site.origin; }

  /** One that takes requests: if there is none, or the server is closing it, a new one. */
  connection() {
    if (!this.#connection?.usable) {
      this.#connection?.close();
      const { mode, ca, insecure, port, tally } = this.#options;
      this.#connection = mode === 'h1'
        ? new Http1Connections(this.#site, { ca, insecure, port, tally })
        : new Http2Connection(this.#site, { ca, insecure, port, tally, push: mode === 'push', has: url => this.cache.isFresh(url) });
    }
    return this.#connection;
  }

  takePush(url) { return this.#connection?.take(url); }

  abandonPushes() { this.#connection?.abandonPushes?.(); }

  /** Leaves the site: connections are closed, cache and cookies kept. */
  leave() {
    this.#connection?.close();
    this.#connection = null;
  }

  destroy() {
    this.#connection?.destroy();
    this.#connection = null;
  }
}
