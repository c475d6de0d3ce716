// Visits all pages of the applications as several visitors, and prints a table of what the program says of their shells.
//   shells.mjs PUBLIC MANAGEMENT PAGES ROUNDS
import http2 from 'node:http2';
import tls from 'node:tls';

const [site, management, count, rounds] = [process.argv[2], process.argv[3], +process.argv[4], +process.argv[5]];
const { hostname, port } = new URL(site);

// A visitor has a network of his own, and keeps the cookies that he is given.
function visitor(number) {
  const socket = () => tls.connect({ host: hostname, port, localAddress: `127.0.${number}.1`, ALPNProtocols: ['h2'], rejectUnauthorized: false });
  const client = http2.connect(site, { createConnection: socket });
  const cookies = new Map();
  client.on('error', e => console.error(`visitor ${number}: ${e.message}`));
  return {
    close: () => client.close(),
    ask: (path, method = 'GET', body) => new Promise((resolve, reject) => {
      const fields = {
        ':path': path, ':method': method, 'user-agent': 'Mozilla/5.0', accept: 'text/html', 'accept-language': 'en',
        'accept-encoding': 'gzip, deflate, br', 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'none',
      };
      const mine = [...cookies.values()].filter(c => path.startsWith(c.path));
      if (mine.length) fields.cookie = mine.map(c => c.pair).join('; ');
      if (body) fields['content-type'] = 'application/x-www-form-urlencoded';
      const stream = client.request(fields);
      let status;
      stream.on('response', head => {
        status = head[':status'];
        for (const line of head['set-cookie'] ?? []) {
          const pair = line.split(';')[0], name = pair.split('=')[0], of = /;\s*path=([^;]*)/i.exec(line)?.[1] || '/';
          if (!name.startsWith('__Host-pushproxy')) cookies.set(name + of, { pair, path: of });
        }
      });
      stream.on('data', () => { });
      stream.on('end', () => resolve(status));
      stream.on('error', reject);
      stream.end(body);
    }),
  };
}

const paths = ['/wordpress/', '/mediawiki/index.php/Main_Page', '/mediawiki/index.php/Special:RecentChanges', '/dokuwiki/doku.php', '/nothing/here'];
for (let i = 1; i <= count; i++)
  paths.push(`/wordpress/?p=${i + 3}`, `/mediawiki/index.php/Page_${i}`, `/dokuwiki/doku.php?id=page${i}`);
for (let i = 0; i < 7; i++) paths.push(`/wordpress/?tag=tag${i}`, `/wordpress/?s=word${i}`, `/mediawiki/index.php?search=word${i}`);

const statuses = {};
const visitors = Array.from({ length: 18 }, (_, i) => visitor(i + 1));
// Every other one logs in.
for (let i = 1; i <= 9; i++) {
  await visitors[2 * i - 1].ask('/wordpress/wp-login.php');
  await visitors[2 * i - 1].ask('/wordpress/wp-login.php', 'POST', `log=user${i}&pwd=a-password&testcookie=1`);
}

for (let round = 0; round < rounds; round++) {
  const left = paths.flatMap((path, i) => [[path, visitors[(i + 5 * round) % 18]], [path, visitors[(i + 5 * round + 9) % 18]]]);
  await Promise.all(Array.from({ length: 4 }, async () => {
    for (let next; (next = left.pop());) {
      const status = await next[1].ask(next[0]);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  }));
}

visitors.forEach(v => v.close());
const { shells } = await (await fetch(`${management}/pages`)).json();
const rows = {};
for (const shell of shells) {
  const row = rows[`${shell.path.split('/')[1] || '(all)'}, ${shell.scope}, ${shell.bytes ? 'ends' : 'none'}: ${shell.limit}`] ??= { shells: 0, bytes: 0, right: 0, wrong: 0, proven: 0, provenWrong: 0 };
  row.shells++;
  row.bytes = Math.max(row.bytes, shell.bytes);
  for (const name of ['right', 'wrong', 'proven', 'provenWrong']) row[name] += shell[name];
}

console.log('answers by status:', JSON.stringify(statuses));
console.table(rows);
for (const shell of shells.filter(s => s.provenWrong)) console.log(`${shell.scope} ${shell.path}: ${shell.provenWrong} of ${shell.proven} wrong; ${shell.lastFault}`);
process.exit(shells.some(s => s.provenWrong) ? 1 : 0);
