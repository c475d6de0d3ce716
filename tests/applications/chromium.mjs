// Debian's Chromium, driven over a pipe, and a check of all that it is answered. See operate.mjs.
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const patience = 30_000;

// Bodies that may name an address.
const isText = type => /^(text\/|application\/(json|javascript|x-javascript|xml|[a-z]+\+(xml|json))|image\/svg)/i.test(type);

// The same address is written as it is in HTML, with \/ in JSON and scripts, and with %2F in queries.
const plain = text => text.replaceAll('\\/', '/').replace(/%3A/gi, ':').replace(/%2F/gi, '/').replaceAll('&#058;', ':');

export class Chromium {
  #process; #count = 0; #pending = new Map(); #listeners = new Map(); #rest = '';

  static async start(profile, spki, host) {
    const browser = new Chromium();
    browser.#process = spawn('chromium', [
      '--remote-debugging-pipe', '--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--disable-extensions', '--disable-dev-shm-usage', '--disable-quic',
      '--window-size=1350,900', `--user-data-dir=${profile}`,
      // Not --ignore-certificate-errors: with it Chromium caches nothing.
      `--ignore-certificate-errors-spki-list=${spki}`,
      `--host-resolver-rules=MAP ${host} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1`, 'about:blank',
    ], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    browser.#process.stdio[4].setEncoding('utf8').on('data', data => browser.#read(data));
    await browser.send('Browser.getVersion');
    return browser;
  }

  send(method, params = {}, sessionId = undefined) {
    const id = ++this.#count;
    this.#process.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) + '\0');
    return new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject, method }));
  }

  // A window that shares no cookies and no cache with others.
  async open(check) {
    const { browserContextId } = await this.send('Target.createBrowserContext');
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank', browserContextId });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    const tab = new Tab((method, params) => this.send(method, params, sessionId), check);
    this.#listeners.set(sessionId, (method, params) => tab.on(method, params));
    await tab.enable();
    return tab;
  }

  async close() {
    const ended = new Promise(resolve => this.#process.once('exit', resolve));
    this.send('Browser.close').catch(() => {});
    await ended;
  }

  #read(data) {
    const messages = (this.#rest + data).split('\0');
    this.#rest = messages.pop();
    for (const message of messages.map(m => JSON.parse(m))) {
      const pending = this.#pending.get(message.id);
      this.#pending.delete(message.id);
      if (!pending) {
        this.#listeners.get(message.sessionId)?.(message.method, message.params);
      } else if (message.error) {
        pending.reject(new Error(`${pending.method}: ${message.error.message}`));
      } else {
        pending.resolve(message.result);
      }
    }
  }
}

// What is wrong with what one window asked for and was answered, since it was last taken.
export class Check {
  answers = 0; texts = 0; cookies = 0; #findings = new Set(); #site; #url; #origin; #other; #urls = new Map();

  constructor(site, origin) {
    this.#site = site;
    const url = new URL(site);
    this.#url = url;
    const port = new URL(origin).port;
    this.#origin = new RegExp(`(127\\.0\\.0\\.1|localhost):${port}(?!\\d)|(?<!file:)//(127\\.0\\.0\\.1|localhost)(?![\\w.-])`, 'i');
    const name = `${url.hostname}(?![\\w.-])`;
    this.#other = new RegExp(`http://${name}|//${name}${url.port ? `(?!:${url.port}(?!\\d))` : ':\\d'}`, 'i');
  }

  take() {
    const findings = [...this.#findings];
    this.#findings.clear();
    return findings;
  }

  found(what) { this.#findings.add(what); }

  // The origin's address, and any but the public one for the public host.
  text(text, where) {
    const written = plain(text);
    for (const [address, what] of [[this.#origin, 'the origin'], [this.#other, 'the site by another address']]) {
      const at = written.search(address);
      if (at >= 0) {
        this.found(`${where} names ${what}: …${written.slice(Math.max(0, at - 60), at + 80).replace(/\s+/g, ' ')}…`);
      }
    }
  }

  request({ requestId, request, documentURL }) {
    this.#urls.set(requestId, request.url);
    this.text(request.url, `A request of ${documentURL}`);
    if (request.url.startsWith('http:')) {
      this.found(`${documentURL} asks for ${request.url}`);
    }
  }

  head(url, status, headers) {
    if (new URL(url).host !== this.#url.host) {
      return;
    }
    this.answers++;
    for (const { name, value } of headers) {
      this.text(value, `${name} of ${url}`);
    }
    const location = headers.find(h => /^location$/i.test(h.name))?.value;
    if (location !== undefined && !new URL(location, url).href.startsWith(this.#site + '/')) {
      this.found(`${url} redirects to ${location}`);
    }
    // None of the applications has an icon in the root, where a browser asks for it unless the page names one.
    if (status >= 400 && url !== `${this.#site}/favicon.ico`) {
      this.found(`${url} was answered ${status}`);
    }
  }

  // What DevTools shows of an answer that is held has no cookies.
  headers({ requestId, headers }) {
    const fields = Object.entries(headers).filter(([name]) => /^set-cookie$/i.test(name)).flatMap(([, values]) => values.split('\n'));
    for (const cookie of fields) {
      this.cookies++;
      this.text(cookie, `Set-Cookie of ${this.#urls.get(requestId)}`);
      const domain = /;\s*domain=\.?([^;]*)/i.exec(cookie)?.[1];
      if (domain !== undefined && !`.${this.#url.hostname}`.endsWith(`.${domain}`)) {
        this.found(`${this.#urls.get(requestId)} sets a cookie for ${domain}`);
      }
    }
  }

  body(url, text) {
    this.texts++;
    this.text(text, url);
  }

  // Others' sites can't be reached here. A page's own may not fail.
  failed({ requestId, errorText, blockedReason, canceled }) {
    const url = this.#urls.get(requestId) ?? '?';
    if (blockedReason || (!canceled && errorText !== 'net::ERR_ABORTED' && url.startsWith(this.#site))) {
      this.found(`${url} failed: ${errorText} ${blockedReason ?? ''}`);
    }
  }

  said({ level, text, url = '' }) {
    const isOwnError = level === 'error' && url.startsWith(this.#site) && url !== `${this.#site}/favicon.ico`;
    if (isOwnError || /mixed content|insecure|blocked|refused|violates/i.test(text)) {
      this.found(`The console says: ${text.slice(0, 300)} ${url}`);
    }
  }
}

export class Tab {
  #send; #check; #open = 0; #loaded = () => {};

  constructor(send, check) { [this.#send, this.#check] = [send, check]; }

  async enable() {
    for (const domain of ['Page', 'Network', 'Runtime', 'Log', 'DOM']) {
      await this.#send(`${domain}.enable`);
    }
    // Each answer waits until it was read: what a window has left behind can't be asked for.
    await this.#send('Fetch.enable', { patterns: [{ urlPattern: '*', requestStage: 'Response' }] });
  }

  on(method, params) {
    switch (method) {
      case 'Page.loadEventFired': this.#loaded(); break;
      case 'Page.javascriptDialogOpening': this.#send('Page.handleJavaScriptDialog', { accept: true }).catch(() => {}); break;
      case 'Network.requestWillBeSent': this.#check.request(params); break;
      case 'Network.responseReceivedExtraInfo': this.#check.headers(params); break;
      case 'Network.loadingFailed': this.#check.failed(params); break;
      case 'Log.entryAdded': this.#check.said(params.entry); break;
      case 'Runtime.exceptionThrown':
        this.#check.found(`uncaught: ${params.exceptionDetails.exception?.description?.slice(0, 300) ?? params.exceptionDetails.text}`); break;
      case 'Fetch.requestPaused': this.#paused(params); break;
    }
  }

  async #paused({ requestId, request, responseStatusCode: status, responseHeaders: headers }) {
    this.#open++;
    try {
      if (status !== undefined) {
        this.#check.head(request.url, status, headers);
        const isRedirect = headers.some(h => /^location$/i.test(h.name));
        if (!isRedirect && isText(headers.find(h => /^content-type$/i.test(h.name))?.value ?? '')) {
          const { body, base64Encoded } = await this.#send('Fetch.getResponseBody', { requestId });
          this.#check.body(request.url, Buffer.from(body, base64Encoded ? 'base64' : 'utf8').toString());
        }
      }
      await this.#send('Fetch.continueRequest', { requestId });
    } catch {
      // The page was left meanwhile.
    } finally {
      this.#open--;
    }
  }

  async evaluate(expression) {
    const { result, exceptionDetails } = await this.#send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) {
      throw new Error(`${expression}: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
    }
    return result.value;
  }

  // A page that is just left answers with an error.
  async until(expression, what = expression) {
    const end = Date.now() + patience;
    for (let last = ''; Date.now() < end; await sleep(50)) {
      try {
        if (await this.evaluate(`!!(${expression})`)) {
          return;
        }
        last = '';
      } catch (error) {
        last = error.message;
      }
    }
    throw new Error(`not in time: ${what} at ${await this.evaluate('location.href + " " + document.body.innerText.slice(0, 300)')}`);
  }

  has(text) { return this.until(`document.body.innerText.toLowerCase().includes(${JSON.stringify(text.toLowerCase())})`, `"${text}"`); }

  // Does what leads to another page, and waits for that.
  async load(action) {
    let timer;
    const loaded = new Promise((resolve, reject) => {
      this.#loaded = resolve;
      timer = setTimeout(() => reject(new Error('no page was loaded in time')), patience);
    });
    try {
      await Promise.all([action(), loaded]);
    } finally {
      clearTimeout(timer);
      this.#loaded = () => {};
    }
  }

  visit(url) { return this.load(() => this.#send('Page.navigate', { url })); }

  click(selector) { return this.#on(selector, 'e => e.click()'); }

  follow(selector) { return this.load(() => this.click(selector)); }

  // Types, as far as a page can tell, and in one step: a script of the page may take the focus to another field at any moment. A field
  // that is not shown yet takes nothing, so it is tried again.
  fill(selector, text) {
    return this.until(`(() => {
      const e = document.querySelector(${JSON.stringify(selector)}), text = ${JSON.stringify(text)};
      if (e.value !== text) {
        e.focus();
        e.select?.();
        if (document.activeElement === e) document.execCommand('insertText', false, text);
      }
      return e.value === text;
    })()`, `${text} in ${selector}`);
  }

  async choose(selector, file) {
    await this.until(`document.querySelector(${JSON.stringify(selector)})`);
    const { root } = await this.#send('DOM.getDocument');
    const { nodeId } = await this.#send('DOM.querySelector', { nodeId: root.nodeId, selector });
    await this.#send('DOM.setFileInputFiles', { nodeId, files: [file] });
  }

  // Fetches what no page shows, a feed, as the page.
  get(path) { return this.evaluate(`fetch(${JSON.stringify(path)}).then(r => r.text())`); }

  // All that was asked for has been answered and read.
  async settle() {
    for (let quiet = 0; quiet < 3; await sleep(100)) {
      quiet = this.#open === 0 ? quiet + 1 : 0;
    }
  }

  async #on(selector, action) {
    const element = `document.querySelector(${JSON.stringify(selector)})`;
    await this.until(element, `an element ${selector}`);
    await this.evaluate(`(${action})(${element}), undefined`);
  }
}
