import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from '../load/usage-error.mjs';

const table = {
  buyers: { number: 300, min: 1, max: 100_000, meaning: 'how many want the one product' },
  units: { number: 50, min: 0, max: 100_000, meaning: 'how many units there are' },
  seconds: { number: 20, min: 1, max: 600, meaning: 'over how many seconds they come' },
  'kill-every': { number: 2_000, min: 200, max: 600_000, meaning: 'ms between one killed process and the next' },
  repeat: { number: 20, min: 0, max: 100, meaning: 'per cent of the buyers who press the button twice at once' },
  seed: { number: undefined, min: 0, max: 2 ** 32 - 1, meaning: 'of every random choice (default: a new one, shown)' },
};

/** @throws UsageError with a sentence for the person. */
export function readOptions(args) {
  const { values } = parse(args);
  const options = { help: values.help ?? false, out: values.out ?? join('.data', 'proof') };
  for (const [name, { number, min, max }] of Object.entries(table)) {
    const value = values[name] === undefined ? number : Number(values[name]);
    if (value !== undefined && !(Number.isInteger(value) && value >= min && value <= max)) {
      throw new UsageError(`--${name} is a whole number from ${min} to ${max}, not "${values[name]}"`);
    }
    options[name] = value;
  }
  options.seed ??= Math.floor(Math.random() * 2 ** 32);
  return options;
}

function parse(args) {
  const named = Object.fromEntries(Object.keys(table).map((name) => [name, { type: 'string' }]));
  try {
    return parseArgs({ args, options: { ...named, out: { type: 'string' }, help: { type: 'boolean' } } });
  } catch (error) {
    throw new UsageError(error.message);
  }
}

export const helpText =
  () => `A flash sale on a suite of its own, two replicas of each process, while one of them after the
other is killed, MongoDB, Redis and Nginx included, and buyers press the button twice. Then the oracle recounts
everything, and signs a certificate, or refuses to.

  npm run prove
  npm run prove -- --buyers 2000 --units 500 --seconds 120

${Object.entries(table)
  .map(
    ([name, { number, meaning }]) => `  --${name.padEnd(11)} ${meaning}${number === undefined ? '' : ` [${number}]`}`,
  )
  .join('\n')}
  --out         the folder of certificate.json and certificate.html [.data/proof]

Exit code: 0 signed, 1 refused, 2 it could not run.
`;
