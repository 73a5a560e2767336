import { randomInt } from 'node:crypto';

/** Crockford's base 32: no I, L, O, U, so that nothing is misread or spells a word. https://www.crockford.com/base32.html */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const EPOCH_SECONDS = Date.UTC(2024, 0, 1) / 1000;

/**
 * A number that people can read out: `0NK4-7Q9X-M2PB`. The first half is the time, which keeps the index on it growing
 * at one end; the second is chance, which gives away nothing about how many orders there are. Two may be equal (one in
 * a billion for orders of the same second): a unique index says so, and another number is drawn.
 */
export function orderNumber(at: Date): string {
  const digits = encode(Math.floor(at.getTime() / 1000) - EPOCH_SECONDS, 6) + encode(randomInt(32 ** 6), 6);
  return grouped(digits);
}

/**
 * The number as it is written here, from how people write it: in any case, with or without dashes and spaces, and with
 * the letters that look like digits. Undefined for what cannot be one.
 */
export function parseOrderNumber(written: string): string | undefined {
  const digits = written.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  return digits.length === 12 && [...digits].every((digit) => DIGITS.includes(digit)) ? grouped(digits) : undefined;
}

const grouped = (digits: string): string => digits.match(/.{4}/g)!.join('-');

function encode(value: number, length: number): string {
  let digits = '';
  for (let rest = value; digits.length < length; rest = Math.floor(rest / 32)) digits = DIGITS[rest % 32] + digits;
  return digits;
}
