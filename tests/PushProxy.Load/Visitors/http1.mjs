// Six connections to one site, as browsers open them for HTTP/1.1.
import http from 'node:http';
import https from 'node:https';
import { Failure, describe, kindOf } from './failures.mjs';

export class Http1Connections {
  #agent;
  #module;
  #open = new Set();
  usable = true;

  constructor(origin, { ca, insecure, port, tally }) {
    this.#module = origin.protocol === 'https:' ? https : http;
    this.#agent = new this.#module.Agent({ keepAlive: true, maxSockets: 6, ca, rejectUnauthorized: !insecure, ALPNProtocols: ['http/1.1'] });
    const create = this.#agent.createConnection;
    this.#agent.createConnection = (options, ...more) => {
      tally.counts.views.connections++;
      return create.call(this.#agent, port ? { ...options, port } : options, ...more);
    };
  }

  take() { }

  /** @param on { response(status, headers), data(chunk), end(), fail(Failure) }; one of the last two comes last, unless it is cancelled. */
  fetch(url, headers, on) {
    let ended = false, response;
    const finish = action => { if (!ended) { ended = true; this.#open.delete(request); action(); } };
    const fail = (error, kind) => finish(() => on.fail(new Failure(kind, describe(error), !response && kind === 'lost' && request.reusedSocket)));
    const request = this.#module.request(url, { headers, agent: this.#agent });
    this.#open.add(request);
    request.on('error', error => fail(error, response ? 'truncated' : kindOf(error)));
    request.on('response', r => {
      response = r;
      on.response(r.statusCode, r.headers);
      r.on('data', on.data);
      r.on('error', error => fail(error, 'truncated'));
      r.on('end', () => finish(() => r.complete ? on.end() : on.fail(new Failure('truncated', 'the body broke off'))));
      r.on('close', () => fail(new Error('the body broke off'), 'truncated'));
    });
    request.end();
    return { cancel: () => finish(() => request.destroy()) };
  }

  close() { this.usable = false; this.#agent.destroy(); }

  destroy() {
    this.usable = false;
    for (const request of this.#open) request.destroy();
    this.#agent.destroy();
  }
}
