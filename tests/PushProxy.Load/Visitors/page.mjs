// What a page names, found as a browser's preload scanner finds it: by looking for tags in the text as it comes. Tolerant, no parser.

const tag = /<!--[^]*?-->|<(script|style|textarea|title|noscript|template)\b((?:"[^"]*"|'[^']*'|[^"'>])*)>([^]*?)<\/\1\s*>|<(link|img|body|base)\b((?:"[^"]*"|'[^']*'|[^"'>])*)>/gi;
const attribute = /([^\s=/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+)))?/g;
const entities = { '&amp;': '&', '&quot;': '"', '&#39;': "'", '&lt;': '<', '&gt;': '>' };
const destinations = { style: 'style', script: 'script', image: 'image', font: 'font' };

function attributesOf(text) {
  const found = {};
  for (const [, name, a, b, c] of text.matchAll(attribute)) {
    found[name.toLowerCase()] ??= (a ?? b ?? c ?? '').replace(/&(?:amp|quot|#39|lt|gt);/g, e => entities[e]).trim();
  }
  return found;
}

// As far as it goes without a parser, on a screen 1280 wide: what does not match is loaded all the same, but blocks nothing.
function matches(media) {
  const least = /min-width:\s*([\d.]+)px/i.exec(media)?.[1] ?? 0, most = /max-width:\s*([\d.]+)px/i.exec(media)?.[1] ?? Infinity;
  return media.includes(',') || !(/^\s*(print|speech|not all)\b/i.test(media) || least > 1280 || most < 1280);
}

/** The absolute URL, without its fragment, or null if it is none that is fetched. */
export function resolve(text, base) {
  try {
    const url = new URL(text, base);
    url.hash = '';
    return text && /^https?:$/.test(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** Reads HTML as it comes; tells of each resource once it has seen its tag: { url, kind, blocking, cors }. */
export class PageScanner {
  #text = '';
  #read = 0;
  #base;
  #tell;

  constructor(url, tell) {
    this.#base = url;
    this.#tell = tell;
  }

  /** Whether the head has been read to its end: what is named from there on does not block the display. */
  inBody = false;

  write(text) {
    this.#text += text;
    tag.lastIndex = this.#read;
    for (let match; (match = tag.exec(this.#text)); this.#read = tag.lastIndex) {
      this.#take((match[1] ?? match[4])?.toLowerCase(), match[2] ?? match[5], match[3]);
    }
  }

  #take(name, text, content) {
    if (name === 'body') this.inBody = true;
    if (name === 'style') for (const found of stylesheet(content, this.#base)) this.#tell({ ...found, blocking: found.blocking && !this.inBody });
    if (!['link', 'script', 'img', 'base'].includes(name)) return;
    const a = attributesOf(text);
    if (name === 'base') this.#base = resolve(a.href ?? '', this.#base) ?? this.#base;
    if (name === 'script' && a.src && a.nomodule === undefined) {
      const module = a.type === 'module';
      const blocking = !this.inBody && !module && a.async === undefined && a.defer === undefined;
      this.#name(a.src, 'script', blocking, module || a.crossorigin !== undefined);
    }
    if (name === 'img') {
      this.inBody = true;
      if (a.src && a.loading !== 'lazy') this.#name(a.src, 'image', false, a.crossorigin !== undefined);
    }
    if (name === 'link') this.#link(a);
  }

  #link(a) {
    const rel = (a.rel ?? '').toLowerCase().split(/\s+/), cors = a.crossorigin !== undefined;
    if (rel.includes('stylesheet')) {
      if (rel.includes('alternate') || a.disabled !== undefined) return;
      this.#name(a.href, 'style', !this.inBody && matches(a.media ?? ''), cors);
    } else if (rel.includes('modulepreload')) {
      this.#name(a.href, 'script', false, true);
    } else if (rel.includes('preload') && destinations[a.as]) {
      this.#name(a.href, destinations[a.as], false, cors);
    }
  }

  #name(reference, kind, blocking, cors) {
    const url = resolve(reference ?? '', this.#base);
    if (url) this.#tell({ url, kind, blocking, cors });
  }
}

/** What a stylesheet needs: its imports, and of each font without unicode-range the first source. Images wait for what uses them. */
export function stylesheet(text, base) {
  const found = [], css = text.replace(/\/\*[^]*?\*\//g, '');
  for (const [, a, b] of css.matchAll(/@import\s+(?:url\(\s*["']?([^"')]+)["']?\s*\)|["']([^"']+)["'])/gi)) {
    found.push({ url: resolve(a ?? b, base), kind: 'style', blocking: true, cors: false });
  }
  for (const [, face] of css.matchAll(/@font-face\s*\{([^}]*)\}/gi)) {
    const source = /unicode-range/i.test(face) ? null : /url\(\s*["']?([^"')]+)["']?\s*\)/i.exec(face);
    if (source) found.push({ url: resolve(source[1], base), kind: 'font', blocking: false, cors: true });
  }
  return found.filter(f => f.url);
}

/** The preloads a Link field asks for. */
export function preloads(field, base) {
  const found = [];
  for (const [, reference, text] of (field ?? '').matchAll(/<([^>]*)>((?:\s*;\s*[^\s=;,]+(?:\s*=\s*(?:"[^"]*"|[^\s";,]+))?)*)/g)) {
    const parameters = {};
    for (const [, name, a, b] of text.matchAll(/;\s*([^\s=;,]+)(?:\s*=\s*(?:"([^"]*)"|([^\s";,]+)))?/g)) parameters[name.toLowerCase()] = a ?? b ?? '';
    const rel = (parameters.rel ?? '').toLowerCase(), module = rel === 'modulepreload';
    const kind = module ? 'script' : rel === 'preload' ? destinations[parameters.as] : undefined;
    // A condition is decided by a screen, and there is none here.
    const url = kind && parameters.media === undefined ? resolve(reference, base) : null;
    if (url) found.push({ url, kind, blocking: false, cors: module || parameters.crossorigin !== undefined });
  }
  return found;
}
