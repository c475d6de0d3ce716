// What is counted, and how it is told: one line of JSON a second with what came to pass in it, and one at the end with the whole.
import { monitorEventLoopDelay } from 'node:perf_hooks';

const hints = () => ({ resources: 0, used: 0, unused: 0, cached: 0, abandoned: 0 });
const nothing = () => ({
  views: { started: 0, finished: 0, failed: 0, cancelled: 0, late: 0, returning: 0, connections: 0 },
  requests: { sent: 0, answered: 0, failed: 0, cancelled: 0, retried: 0, notModified: 0, fromCache: 0, elsewhere: 0, bytes: 0 },
  pushes: { promised: 0, used: 0, cancelled: 0, unused: 0, failed: 0, abandoned: 0, usedBytes: 0, wastedBytes: 0 },
  earlyHints: { responses: 0, ...hints() },
  links: hints(),
  errors: 0,
});
const kinds = ['firstByte', 'display', 'complete'];
const milliseconds = value => Math.round(value * 1000) / 1000;

function percentiles(values) {
  if (values.length === 0) return { count: 0, p50: 0, p90: 0, p99: 0, max: 0 };
  const sorted = Float64Array.from(values).sort();
  // The nearest rank: the smallest that at least this share does not exceed.
  const at = share => milliseconds(sorted[Math.ceil(share * sorted.length) - 1]);
  return { count: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: milliseconds(sorted.at(-1)) };
}

const latencies = of => Object.fromEntries(kinds.map(kind => [kind, percentiles(of[kind])]));
const times = () => Object.fromEntries(kinds.map(kind => [kind, []]));
const visits = () => ({ finished: 0, requests: 0, bytes: 0, times: times() });
const visitsOf = of => ({ finished: of.finished, requests: of.requests, bytes: of.bytes, times: latencies(of.times) });
const since = (now, before) => Object.fromEntries(Object.entries(now).map(([name, value]) =>
  [name, typeof value === 'object' ? since(value, before[name]) : value - before[name]]));

export class Tally {
  static #mostSamples = 20;
  counts = nothing();
  underWay = 0;
  #status = {};
  #errors = {};
  #samples = [];
  #new = times();
  #returning = times();
  #lately = times();
  #before = nothing();
  #start = performance.now();
  #delay = monitorEventLoopDelay({ resolution: 10 });
  #pages;

  /** @param pages the plan's: each is counted by itself, in that order. */
  constructor(pages) {
    this.#pages = pages.map(page => ({ page, first: visits(), returning: visits() }));
    this.#delay.enable();
  }

  get elapsed() { return (performance.now() - this.#start) / 1000; }

  answered(status) {
    this.counts.requests.answered++;
    this.#status[status] = (this.#status[status] ?? 0) + 1;
  }

  /** What went wrong, with the first of them told in full. */
  error(kind, url, what) {
    this.counts.errors++;
    this.#errors[kind] = (this.#errors[kind] ?? 0) + 1;
    if (this.#samples.length < Tally.#mostSamples) this.#samples.push({ time: new Date().toISOString(), seconds: milliseconds(this.elapsed), kind, url, what });
  }

  /**
   * What a view that finished took: milliseconds, or undefined where there is nothing to say (a page from the cache has no first byte), requests sent,
   * and bytes it received.
   */
  took({ times, requests, bytes }, page, returning) {
    const of = this.#pages[page][returning ? 'returning' : 'first'];
    of.finished++;
    of.requests += requests;
    of.bytes += bytes;
    for (const kind of kinds) {
      if (times[kind] === undefined) continue;
      (returning ? this.#returning : this.#new)[kind].push(times[kind]);
      this.#lately[kind].push(times[kind]);
      of.times[kind].push(times[kind]);
    }
  }

  tick() {
    const counts = structuredClone(this.counts);
    const line = { type: 'tick', seconds: milliseconds(this.elapsed), underWay: this.underWay, counts: since(counts, this.#before), ...latencies(this.#lately) };
    this.#before = counts;
    this.#lately = times();
    return line;
  }

  end(seconds) {
    const all = Object.fromEntries(kinds.map(kind => [kind, [...this.#new[kind], ...this.#returning[kind]]]));
    const { user, system } = process.cpuUsage();
    return {
      type: 'end', seconds: milliseconds(seconds), counts: this.counts,
      all: latencies(all), first: latencies(this.#new), returning: latencies(this.#returning),
      pages: this.#pages.map(({ page, first, returning }) => ({ page, first: visitsOf(first), returning: visitsOf(returning) })),
      status: this.#status, errors: this.#errors, samples: this.#samples,
      driver: { cpuSeconds: (user + system) / 1e6, delayP99: milliseconds(this.#delay.percentile(99) / 1e6) },
    };
  }
}
