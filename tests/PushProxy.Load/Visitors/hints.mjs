// What a server names in advance, by 103 or by Link, and what became of it.
import { preloads } from './page.mjs';

export class Hints {
  #tally;
  #mode;
  #named = [];
  #informed = false;

  constructor(tally, mode) {
    this.#tally = tally;
    this.#mode = mode;
  }

  /** A 103. Browsers take hints for navigations over HTTP/2, and the first 103 alone. */
  early(headers, url, isPage, load) {
    const { earlyHints } = this.#tally.counts;
    earlyHints.responses++;
    if (!isPage || this.#informed || this.#mode === 'h1') return;
    this.#informed = true;
    this.#heed(headers.link, url, load, earlyHints);
  }

  /** A page's own Link. */
  link(field, url, load) { this.#heed(field, url, load, this.#tally.counts.links); }

  /** The view is over: what it needed was named to some purpose. */
  settle(cancelled) {
    for (const { item, counts } of this.#named) counts[item.needed ? 'used' : cancelled ? 'abandoned' : 'unused']++;
  }

  /** @param load begins to load it, unless the page has named it already. */
  #heed(field, base, load, counts) {
    for (const found of preloads(Array.isArray(field) ? field.join(', ') : field, base)) {
      const item = load(found);
      if (!item) continue;
      counts.resources++;
      if (item.cached) counts.cached++; else if (item.elsewhere) counts.unused++; else this.#named.push({ item, counts });
    }
  }
}
