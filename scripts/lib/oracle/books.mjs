/**
 * The books of the payment providers, where it is the sandbox that stands in for them.
 *
 * @param {string} sandboxUrl
 * @returns {Promise<import('./money.mjs').Books>}
 */
export async function booksOf(sandboxUrl) {
  const answer = await fetch(`${sandboxUrl}/api/ledger`, { signal: AbortSignal.timeout(10_000) });
  const { data, meta } = /** @type {{ data: Account[], meta: { since: string } }} */ (await answer.json());
  return {
    since: new Date(meta.since),
    captures: data.flatMap(namedOf('captures')),
    refunds: data.flatMap(namedOf('refunds')),
  };
}

/**
 * What moved for one order.
 * @typedef {{ orderId: string, captures: import('./money.mjs').Booking[], refunds: import('./money.mjs').Booking[] }} Account
 */

/** @param {'captures' | 'refunds'} kind */
const namedOf =
  (kind) =>
  (/** @type {Account} */ { orderId, ...account }) =>
    account[kind].map(({ id, amount }) => ({ id, amount, orderId }));
