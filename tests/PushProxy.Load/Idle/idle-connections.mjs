// Opens HTTP/2 connections, views one page on each as a browser would, and keeps them open until standard input ends.
// Arguments: URL, how many, "push", "hint" or "small", and the paths of what the page needs.
import { connect } from 'node:http2';

const [url, count, mode, ...needs] = process.argv.slice(2);
const { origin, pathname } = new URL(url);
const sessions = [];

function end(stream) {
  return new Promise((resolve, reject) => {
    stream.on('error', reject);
    stream.on('end', resolve);
    stream.resume();
  });
}

function get(session, path, fields = {}) {
  return end(session.request({ ':path': path, ...fields }));
}

async function view() {
  const session = connect(origin, { rejectUnauthorized: false, settings: { enablePush: mode === 'push' } });
  session.on('error', error => { throw error; });
  sessions.push(session);
  if (mode === 'small') {
    await get(session, pathname);
    return 0;
  }

  const pushed = new Map();
  session.on('stream', (stream, request) => pushed.set(request[':path'], end(stream)));
  await get(session, pathname, { accept: 'text/html', 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' });
  await Promise.all(needs.map(path => pushed.get(path) ?? get(session, path)));
  return pushed.size;
}

let pushes = 0;
for (let i = 0; i < Number(count); i++) {
  pushes += await view();
}

console.log(`open ${sessions.length} ${pushes}`);
process.stdin.on('end', () => process.exit(0)).resume();
