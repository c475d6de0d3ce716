// A browser's private memory: its HTTP cache (RFC 9111) and its cookies (RFC 6265), as far as one site needs them.

const seconds = value => (/^\d+$/.test(value ?? '') ? Number(value) : undefined);
const date = value => { const time = Date.parse(value); return Number.isNaN(time) ? undefined : time / 1000; };

function directives(field) {
  const found = {};
  for (const [, name, a, b] of (field ?? '').matchAll(/([^\s=,]+)(?:\s*=\s*(?:"([^"]*)"|([^\s",]+)))?/g)) found[name.toLowerCase()] ??= a ?? b ?? '';
  return found;
}

/** How long from now a response is fresh, in seconds (RFC 9111 §4.2). */
export function lifetime(headers) {
  const control = directives(headers['cache-control']), now = Date.now() / 1000;
  if ('no-cache' in control) return 0;
  const made = date(headers.date) ?? now, age = Math.max(seconds(headers.age) ?? 0, now - made, 0);
  if ('max-age' in control) return (seconds(control['max-age']) ?? 0) - age;
  if (headers.expires !== undefined) return (date(headers.expires) ?? 0) - made - age;
  const changed = date(headers['last-modified']);
  return changed === undefined || 'must-revalidate' in control ? 0 : (made - changed) / 10 - age;
}

export class Cache {
  static #most = 500;
  #entries = new Map();

  /** The stored response: { headers, found, bytes, freshUntil }. */
  get(url) { return this.#entries.get(url); }

  isFresh(url) { return (this.#entries.get(url)?.freshUntil ?? 0) > Date.now(); }

  /** @param found what the response names, if it is a stylesheet or a page: read once, and again each time it is used. */
  store(url, headers, bytes, found) {
    this.#entries.delete(url);
    const fresh = lifetime(headers);
    if ('no-store' in directives(headers['cache-control']) || headers.vary?.trim() === '*') return;
    if (fresh <= 0 && !headers.etag && !headers['last-modified']) return;
    this.#entries.set(url, { headers, bytes, found, freshUntil: Date.now() + fresh * 1000 });
    if (this.#entries.size > Cache.#most) this.#entries.delete(this.#entries.keys().next().value);
  }

  /** A 304 renews what is stored (RFC 9111 §4.3.4). */
  renew(url, headers) {
    const entry = this.#entries.get(url);
    entry.headers = { ...entry.headers, ...headers };
    entry.freshUntil = Date.now() + lifetime(entry.headers) * 1000;
  }

  /** The fields that ask whether what is stored is still good. */
  conditions(url) {
    const headers = this.#entries.get(url)?.headers, asked = {};
    if (headers?.etag) asked['if-none-match'] = headers.etag;
    if (headers?.['last-modified']) asked['if-modified-since'] = headers['last-modified'];
    return asked;
  }
}

export class CookieJar {
  #cookies = new Map();

  take(fields) {
    for (const field of [fields ?? []].flat()) {
      const [pair, ...rest] = field.split(';').map(part => part.trim()), split = pair.indexOf('=');
      if (split < 1) continue;
      const attributes = Object.fromEntries(rest.map(part => { const [name, ...value] = part.split('='); return [name.toLowerCase(), value.join('=')]; }));
      const age = /^-?\d+$/.test(attributes['max-age'] ?? '') ? Number(attributes['max-age']) : undefined;
      const until = age !== undefined ? Date.now() + age * 1000 : attributes.expires ? Date.parse(attributes.expires) || 0 : Infinity;
      const name = pair.slice(0, split);
      if (until <= Date.now()) this.#cookies.delete(name);
      else this.#cookies.set(name, { value: pair.slice(split + 1), path: attributes.path || '/', secure: 'secure' in attributes, until });
    }
  }

  /** The Cookie field for a URL, or undefined. */
  for(url) {
    const { pathname, protocol } = new URL(url), parts = [];
    for (const [name, { value, path, secure, until }] of this.#cookies) {
      const matches = pathname === path || pathname.startsWith(path.endsWith('/') ? path : path + '/');
      if (matches && until > Date.now() && (!secure || protocol === 'https:')) parts.push(`${name}=${value}`);
    }
    return parts.length ? parts.join('; ') : undefined;
  }
}
