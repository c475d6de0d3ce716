// Loads pages in browsers as new visitors, and counts the requests at the origin by its log. See run.sh.
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHash, X509Certificate } from 'node:crypto';

const [site, management, work, chromium103, ...pages] = process.argv.slice(2);
const log = `${work}/access.log`;
const lengthOfLog = () => statSync(log).size;
const requestsSince = length => readFileSync(log, 'utf8').slice(length).split('\n').filter(line => line.length > 0).map(line => {
  const [method, target, status] = line.split(' ');
  return { method, target, status, isOwn: line.includes('(learning)') };
});

// A new visitor at an address of its own, without a browser.
const visit = (page, address) => execFileSync('curl', [
  '-sk', '--http2', '--compressed', '--interface', address, '-D', '-', '-o', '/dev/null', '-H', 'Accept: text/html,image/avif,image/webp', site + page,
], { encoding: 'utf8' }).replaceAll('\r', '').split('\n\n').filter(head => head.startsWith('HTTP')).at(-1);
const decisionOf = head => /^pushproxy-decision: (.*)$/mi.exec(head)?.[1] ?? '';

// Some pages name nothing that a 103 may name, such as a stylesheet that varies by cookies. Others are given some views.
const patience = 12;

async function learn(page) {
  let [decision, head] = ['', ''];
  for (let i = 0; i < 60; i++) {
    head = visit(page, `127.0.1.${10 + i}`);
    decision = decisionOf(head);
    if (/^(learned|shared-by-clients)/.test(decision) && !/not-answered|size-unknown/.test(decision)
      && (/sent=early-hints/.test(decision) || i >= patience)) {
      return decision;
    }
    await sleep(700);
  }
  throw new Error(`${page} was never learned: ${decision}\n${head}\n${readFileSync(`${work}/apache.log`, 'utf8').slice(-2000)}`);
}

// The browsers, each with a new profile. What they write to their consoles is read from their output. Firefox writes nothing there.
const certificate = execFileSync('sh', ['-c', `echo | openssl s_client -connect ${new URL(site).host} 2> /dev/null | openssl x509`]);
const spki = createHash('sha256').update(new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' })).digest('base64');
const chromiumFlags = profile => [
  '--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-component-update', '--disable-background-networking',
  `--user-data-dir=${profile}`, `--ignore-certificate-errors-spki-list=${spki}`, '--enable-logging=stderr',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', '--remote-debugging-port=0', '--window-size=1350,900',
];
const browsers = {
  'Chromium 103': { start: (profile, url) => [chromium103, [...chromiumFlags(profile), '--disable-dev-shm-usage', url]] },
  'Chromium': { start: (profile, url) => ['chromium', [...chromiumFlags(profile), url]] },
  'Firefox ESR': {
    start: (profile, url) => {
      writeFileSync(`${profile}/certificate.pem`, certificate);
      execFileSync('certutil', ['-N', '-d', `sql:${profile}`, '--empty-password']);
      execFileSync('certutil', ['-A', '-d', `sql:${profile}`, '-n', 'site', '-t', 'CP,,', '-i', `${profile}/certificate.pem`]);
      writeFileSync(`${profile}/cert_override.txt`, override());
      writeFileSync(`${profile}/user.js`, [
        'user_pref("network.captive-portal-service.enabled", false);', 'user_pref("network.connectivity-service.enabled", false);',
        'user_pref("devtools.console.stdout.content", true);', 'user_pref("browser.shell.checkDefaultBrowser", false);',
        'user_pref("datareporting.policy.dataSubmissionEnabled", false);', 'user_pref("network.dns.forceResolve", "");',
        'user_pref("browser.aboutwelcome.enabled", false);', 'user_pref("app.normandy.enabled", false);',
      ].join('\n'));
      return ['firefox-esr', ['--headless', '--no-remote', '--profile', profile, url]];
    },
  },
  'WebKitGTK': {
    // xvfb-run keeps what it runs from the output.
    start: (profile, url) => ['xvfb-run', ['-a', 'sh', '-c', 'exec "$0" "$@" > "$HOME.out" 2>&1',
      '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser', '--ignore-tls-errors', '--enable-write-console-messages-to-stdout=true', url]],
    env: { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1', LIBGL_ALWAYS_SOFTWARE: '1', WEBKIT_DISABLE_COMPOSITING_MODE: '1' },
  },
};

// Firefox takes a certificate without an authority only by an exception: host and port, algorithm, fingerprint.
function override() {
  const fingerprint = new X509Certificate(certificate).fingerprint256;
  return `# PSM Certificate Override Settings file\n${new URL(site).host}:\tOID.2.16.840.1.101.3.4.2.1\t${fingerprint}\t\n`;
}

const Unused = /preload\w* .*not used within a few seconds|preloaded with link preload was not used/i;

async function load(name, page) {
  const profile = mkdtempSync(`${work}/profile-`);
  const before = lengthOfLog();
  const [command, options] = browsers[name].start(profile, site + page);
  const output = openSync(`${profile}.out`, 'w');
  const browser = spawn(command, options, {
    stdio: ['ignore', output, output], detached: true, env: { ...process.env, HOME: profile, MOZ_HEADLESS: '1', ...browsers[name].env },
  });
  // Until nothing came for three seconds, which is also when browsers look for preloads that were not used.
  let [length, quiet] = [before, 0];
  for (let i = 0; i < 60 && (quiet < 8 || length === before); i++) {
    await sleep(500);
    quiet = lengthOfLog() === length ? quiet + 1 : 0;
    length = lengthOfLog();
  }
  await sleep(2500);
  // First politely: what a browser has not written yet would be lost.
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    try { process.kill(-browser.pid, signal); } catch {}
    await sleep(1000);
  }
  closeSync(output);
  const said = readFileSync(`${profile}.out`, 'utf8').split('\n').filter(line => Unused.test(line));
  rmSync(profile, { recursive: true, force: true });
  const requests = requestsSince(before).filter(r => !r.isOwn && r.method === 'GET' && r.status !== '206' && !/favicon/.test(r.target));
  const counts = Map.groupBy?.(requests, r => r.target) ?? requests.reduce((all, r) => all.set(r.target, [...all.get(r.target) ?? [], r]), new Map());
  const twice = [...counts].filter(([, all]) => all.length > 1).map(([target, all]) => `${target} (${all.map(r => r.status).join(', ')})`);
  return { requests: requests.length, twice, said };
}

const wrong = async () => (await (await fetch(`${management}/metrics`)).text()).split('\n')
  .filter(line => line.startsWith('pushproxy_resources_wrong_total')).reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);

console.log('| page | named, by a 103 | browser | requests | asked for twice | preloads not used |\n|---|---|---|---|---|---|');
let [failures, early] = [0, 0];
for (const page of pages) {
  const decision = await learn(page);
  const hinted = (decision.match(/sent=early-hints/g) ?? []).length;
  const told = `${(decision.match(/sent=/g) ?? []).length}, ${hinted}`;
  early += hinted;
  for (const name of Object.keys(browsers)) {
    const { requests, twice, said } = await load(name, page);
    failures += twice.length + said.length + (requests === 0 ? 1 : 0);
    console.log(`| ${page} | ${told} | ${name} | ${requests} | ${twice.join('; ') || '-'} | ${said.length || '-'} |`);
    said.forEach(line => console.error(line));
  }
}
const wrongs = await wrong();
console.log(`\nWrong deliveries: ${wrongs}. Failures: ${failures}. Named by a 103: ${early}.`);
process.exitCode = failures + wrongs > 0 || early === 0 ? 1 : 0;
