import { join } from 'node:path';
import { linesOf, readArguments } from './arguments.mjs';
import { readLimits } from './limits.mjs';
import { scenarios } from './scenarios.mjs';
import { UsageError } from './usage-error.mjs';

const table = {
  url: { text: process.env.BASE_URL ?? 'http://127.0.0.1:8080', meaning: 'the suite, as clients see it (BASE_URL)' },
  orders: { number: 2_000, min: 1, max: 1_000_000, meaning: 'how many orders to place, or pages to look at' },
  connections: { number: 64, min: 1, max: 1_000, meaning: 'how many requests are in flight at once' },
  rate: {
    number: 0,
    min: 0,
    max: 20_000,
    meaning: 'open loop: so many are due each second, answered or not; 0: as fast as answers come',
  },
  users: { number: 50, min: 1, max: 2_000, meaning: 'how many customers order' },
  vip: { number: 0.2, min: 0, max: 1, fraction: true, meaning: 'share of the customers who are VIP' },
  scenario: { text: 'hot', of: Object.keys(scenarios), meaning: 'see below' },
  products: { number: 20, min: 1, max: 100, meaning: 'how many products, where there are several' },
  stock: { number: undefined, min: 0, max: 1e9, meaning: 'units of each product (default: by scenario)' },
  seed: { number: undefined, min: 0, max: 2 ** 32 - 1, meaning: 'of every random choice (default: a new one, shown)' },
  duration: { number: 60, min: 1, max: 600, meaning: 'seconds after which no further order is placed' },
  settle: { number: 60, min: 1, max: 240, meaning: 'seconds that accepted orders then have to end' },
  timeout: { number: 10_000, min: 100, max: 60_000, meaning: 'ms after which a request is repeated with the same key' },
  attempts: { number: 6, min: 1, max: 20, meaning: 'how often one order is tried' },
  limits: { text: '', meaning: 'a JSON file of limits to hold, such as test/load/limits.json' },
  html: { text: '', meaning: 'also writes the report with its charts into this one file' },
  keep: { text: join('.data', 'load'), meaning: 'where the last run is kept, to compare with; empty: nowhere' },
  json: { flag: false, meaning: 'the report as JSON on standard output' },
  'allow-remote': { flag: false, meaning: 'hammer a host that is not this machine: only what is yours' },
  help: { flag: false, meaning: 'this text' },
};

/** @returns {Record<keyof typeof table, any>} checked values. @throws UsageError with a sentence for the person. */
export function readOptions(args) {
  const options = readArguments(table, args);
  options.stock ??= scenarios[options.scenario].stock(options);
  options.seed ??= Math.floor(Math.random() * 2 ** 32);
  options.url = origin(options.url);
  options.limits = options.limits && readLimits(options.limits);
  if (!options['allow-remote'] && !isLoopback(options.url)) {
    throw new UsageError(`${options.url} is not this machine; --allow-remote if it is yours to hammer`);
  }
  return options;
}

function origin(url) {
  if (!URL.canParse(url)) throw new UsageError(`--url is an address such as http://127.0.0.1:8080, not "${url}"`);
  return new URL(url).origin;
}

/** By the address itself: a name may point anywhere, so only `localhost` counts beside 127.0.0.0/8 and ::1. */
export function isLoopback(url) {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

export function helpText() {
  const stories = Object.entries(scenarios).map(([name, { meaning }]) => `  ${name.padEnd(15)} ${meaning}`);
  return `Places many orders at once and checks what came of them.

  npm run load -- --scenario flash-sale --orders 1000
  npm run load -- --scenario mixed --rate 500 --orders 30000 --html report.html
  npm run load -- --rate 1000 --orders 20000 --limits test/load/limits.json

${linesOf(table)}

Scenarios
${stories.join('\n')}

The admin's login is taken from ADMIN_EMAIL and ADMIN_PASSWORD (the demo's by default).
Exit code: 0 all is well, 1 a limit was broken or something was oversold, lost or left pending, 2 it could not run.
`;
}
