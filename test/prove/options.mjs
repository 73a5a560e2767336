import { join } from 'node:path';
import { linesOf, readArguments } from '../load/arguments.mjs';

const table = {
  buyers: { number: 300, min: 1, max: 100_000, meaning: 'how many want the one product' },
  units: { number: 50, min: 0, max: 100_000, meaning: 'how many units there are' },
  seconds: { number: 20, min: 1, max: 600, meaning: 'over how many seconds they come' },
  'kill-every': { number: 2_000, min: 200, max: 600_000, meaning: 'ms between one killed process and the next' },
  repeat: { number: 20, min: 0, max: 100, meaning: 'per cent of the buyers who press the button twice at once' },
  seed: { number: undefined, min: 0, max: 2 ** 32 - 1, meaning: 'of every random choice (default: a new one, shown)' },
  out: { text: join('.data', 'proof'), meaning: 'the folder of certificate.json and certificate.html' },
  help: { flag: false, meaning: 'this text' },
};

/** @throws UsageError with a sentence for the person. */
export function readOptions(args) {
  const options = readArguments(table, args);
  options.seed ??= Math.floor(Math.random() * 2 ** 32);
  return options;
}

export const helpText =
  () => `A flash sale on a suite of its own, two replicas of each process, while one of them after the
other is killed, MongoDB, Redis and Nginx included, and buyers press the button twice. Then the oracle recounts
everything, and signs a certificate, or refuses to.

  npm run prove
  npm run prove -- --buyers 2000 --units 500 --seconds 120

${linesOf(table)}

Exit code: 0 signed, 1 refused, 2 it could not run.
`;
