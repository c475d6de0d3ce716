// What a browser says when it asks, and how it reads what comes.
import zlib from 'node:zlib';

const accept = {
  document: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8',
  style: 'text/css,*/*;q=0.1', script: '*/*', font: '*/*', image: 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8',
};
const priority = { document: 'u=0, i', style: 'u=0', script: 'u=1', font: 'u=1', image: 'u=2, i' };
const agent = 'Mozilla/5.0 (X11; Linux x86_64; PushProxy load test)';
const decoders = { gzip: zlib.createGunzip, 'x-gzip': zlib.createGunzip, deflate: zlib.createInflate, br: zlib.createBrotliDecompress };

/** The header fields of a request (Fetch metadata, RFC 9218 priorities) by one who has a cache and cookies. */
export function fieldsOf({ url, kind, cors }, page, visitor, mode) {
  const navigation = kind === 'document', crossOrigin = kind === 'font' || cors, cookie = visitor.cookies.for(url);
  return {
    'user-agent': agent + visitor.browser, accept: accept[kind], 'accept-encoding': 'gzip, deflate, br', 'accept-language': 'en-GB,en;q=0.9',
    'sec-fetch-site': navigation ? 'none' : 'same-origin', 'sec-fetch-mode': navigation ? 'navigate' : crossOrigin ? 'cors' : 'no-cors', 'sec-fetch-dest': kind,
    ...navigation ? { 'sec-fetch-user': '?1', 'upgrade-insecure-requests': '1' } : { referer: page },
    ...crossOrigin ? { origin: visitor.origin } : {}, ...mode === 'h1' ? {} : { priority: priority[kind] },
    ...visitor.cache.conditions(url), ...cookie ? { cookie } : {},
  };
}

/** Reads a body as text, its content coding taken off. Latin-1 will do: names are found all the same. */
export function reader(headers, tell, fail) {
  const write = chunk => tell(chunk.toString('latin1')), create = decoders[headers['content-encoding']?.toLowerCase()];
  if (!create) return { write, end: done => done() };
  const decoder = create();
  decoder.on('data', write);
  decoder.on('error', fail);
  return { write: chunk => decoder.write(chunk), end: done => { decoder.once('end', done); decoder.end(); } };
}
