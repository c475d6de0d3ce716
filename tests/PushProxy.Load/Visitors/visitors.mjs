// Visitors of a site, as many and as often as a plan says. The plan is one line of JSON on standard input:
//   { url, port, pages, mode: "h1" | "h2" | "push", rate, concurrency, seconds, views, returning, cancelled, ca, insecure, browsers, seed, timeout, start }
// `start` is when it begins, in milliseconds since 1970: visitors of several sites take turns by it. At once, if it is absent.
// On standard output: a line of JSON a second, and one at the end (tally.mjs). Ends at once when standard input does.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Tally } from './tally.mjs';
import { View } from './view.mjs';
import { Visitor } from './visitor.mjs';

// Visitors who have been here and may come again. Those beyond that number never do.
const remembered = 128;
const tell = line => process.stdout.write(JSON.stringify(line) + '\n');
const pause = ms => new Promise(done => setTimeout(done, ms));

/** Mulberry32: the same seed, the same visits. */
function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Milliseconds until the start, or, if it is over, until a view would be due: whoever comes late has the same turn. */
const untilTurn = (left, period) => (left >= 0 ? left : period ? period - (-left % period) : 0);

async function run(plan) {
  if (plan.start) await pause(untilTurn(plan.start - Date.now(), plan.rate ? 1000 / plan.rate : 0));
  const tally = new Tally(plan.pages), { views } = tally.counts, random = randomOf(plan.seed), forgotten = randomOf(plan.seed + 1), site = new URL(plan.url);
  const options = { mode: plan.mode, ca: plan.ca && readFileSync(plan.ca), insecure: plan.insecure, port: plan.port, browsers: plan.browsers ?? 1, tally };
  const idle = [], running = new Set(), recent = [];
  const ticks = setInterval(() => tell(tally.tick()), 1000);
  const end = plan.seconds ? performance.now() + plan.seconds * 1000 : Infinity;

  // All that chance decides of a view, before anything a server does has a say: with the same seed, views of two sites are the same, one by one.
  const draw = () => ({
    page: Math.floor(random() * plan.pages.length),
    returns: random() < plan.returning, who: random(), leaves: random() < 0.5,
    cancels: random() < plan.cancelled, usual: random(), moment: random(), closing: random() < 0.5,
  });

  function visitorFor({ returns, who, leaves }) {
    if (idle.length && returns) {
      const visitor = idle.splice(Math.floor(who * idle.length), 1)[0];
      if (leaves) visitor.leave();
      views.returning++;
      return { visitor, returning: true };
    }
    return { visitor: new Visitor(site, options), returning: false };
  }

  async function view(due, drawn) {
    const { visitor, returning } = visitorFor(drawn), one = new View(visitor, { tally, mode: plan.mode, due });
    views.started++;
    tally.underWay++;
    const timers = [setTimeout(() => one.expire(), plan.timeout * 1000)];
    if (drawn.cancels) {
      const usual = recent.length ? recent[Math.floor(drawn.usual * recent.length)] : 50;
      timers.push(setTimeout(() => one.cancel(drawn.closing), drawn.moment * usual));
    }
    const { outcome, ...took } = await one.run(plan.pages[drawn.page]);
    timers.forEach(clearTimeout);
    tally.underWay--;
    views[outcome]++;
    if (outcome === 'finished') {
      tally.took(took, drawn.page, returning);
      recent.push(took.times.complete);
      if (recent.length > 64) recent.shift();
    }
    keep(visitor);
  }

  function keep(visitor) {
    if (plan.returning > 0) idle.push(visitor); else visitor.leave();
    if (idle.length > remembered) idle.splice(Math.floor(forgotten() * idle.length), 1)[0].leave();
  }

  const start = (due, drawn = draw()) => { const one = view(due, drawn).finally(() => running.delete(one)); running.add(one); return one; };
  const begun = performance.now(), wanted = plan.views ?? Infinity;
  if (plan.rate) {
    // Open loop: a view is due when it is due. What finds no room is late, and is not made up for.
    for (let n = 0; n < wanted; n++) {
      const due = begun + (n * 1000) / plan.rate;
      if (due >= end) break;
      if (due > performance.now()) await pause(due - performance.now());
      const drawn = draw();
      if (running.size < plan.concurrency) start(due, drawn); else views.late++;
    }
  } else {
    let left = wanted;
    await Promise.all(Array.from({ length: plan.concurrency }, async () => { while (left-- > 0 && performance.now() < end) await start(performance.now()); }));
  }
  await Promise.all(running);
  const seconds = (performance.now() - begun) / 1000;
  for (const visitor of idle) visitor.leave();
  // Pushes nobody took may still be coming in.
  await pause(100);
  clearInterval(ticks);
  tell(tally.tick());
  tell(tally.end(seconds));
}

let running = false;
createInterface({ input: process.stdin })
  .on('line', line => { if (!running) { running = true; run(JSON.parse(line)).then(() => process.exit(0), error => { console.error(error); process.exit(1); }); } })
  .on('close', () => process.exit(1));
