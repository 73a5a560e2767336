import { parseArgs } from 'node:util';
import { UsageError } from './usage-error.mjs';

/**
 * Reads what was typed behind a command by a table of its options: each with its default (a `number` with its bounds, a
 * `text`, perhaps one `of` some, or a `flag`) and what it means.
 * @returns {Record<string, any>} checked values. @throws UsageError with a sentence for the person.
 */
export function readArguments(table, args) {
  const values = parse(table, args);
  return Object.fromEntries(Object.entries(table).map(([name, rule]) => [name, check(name, rule, values[name])]));
}

/** One line for each option, for the help. */
export function linesOf(table) {
  const width = Math.max(...Object.keys(table).map(({ length }) => length)) + 1;
  return Object.entries(table)
    .map(([name, rule]) => {
      const fallback = 'flag' in rule ? '' : (rule.number ?? rule.text ?? '');
      return `  --${name.padEnd(width)} ${rule.meaning}${fallback === '' ? '' : ` [${fallback}]`}`;
    })
    .join('\n');
}

function parse(table, args) {
  const options = Object.fromEntries(
    Object.entries(table).map(([name, rule]) => [name, { type: 'flag' in rule ? 'boolean' : 'string' }]),
  );
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(error.message);
  }
}

function check(name, rule, given) {
  if ('flag' in rule) return given ?? rule.flag;
  if ('text' in rule) {
    const text = given ?? rule.text;
    if (rule.of && !rule.of.includes(text)) throw new UsageError(`--${name} is one of ${rule.of.join(', ')}`);
    return text;
  }
  if (given === undefined) return rule.number;
  const number = Number(given);
  const whole = rule.fraction || Number.isInteger(number);
  if (given.trim() === '' || !whole || !(number >= rule.min && number <= rule.max)) {
    throw new UsageError(`--${name} is a number from ${rule.min} to ${rule.max}, not "${given}"`);
  }
  return number;
}
