/**
 * Two sources in the same order as one.
 *
 * @template T
 * @param {AsyncIterable<T>} one
 * @param {AsyncIterable<T>} other
 * @param {(a: T, b: T) => number} compare below zero: `a` comes first
 * @returns {AsyncGenerator<T>}
 */
export async function* merged(one, other, compare) {
  const [a, b] = [one[Symbol.asyncIterator](), other[Symbol.asyncIterator]()];
  let [first, second] = [await a.next(), await b.next()];
  while (!first.done || !second.done) {
    if (second.done || (!first.done && compare(first.value, second.value) <= 0)) {
      yield /** @type {T} */ (first.value);
      first = await a.next();
    } else {
      yield second.value;
      second = await b.next();
    }
  }
}
