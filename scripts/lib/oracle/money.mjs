/** @typedef {import('./picture.mjs').Order} Order */
/** @typedef {import('./findings.mjs').Findings} Findings */

/**
 * What the payment provider has in its own books; amounts in minor units.
 * @typedef {object} Books
 * @property {{ id: string, orderId: string, amount: number }[]} captures
 * @property {{ id: string, orderId: string, amount: number }[]} refunds
 */

const STANDS = ['CONFIRMED', 'SHIPPED', 'DELIVERED'];
const WAITS = ['PENDING', 'AWAITING_PAYMENT'];

/** I5: at most one capture an order, and the provider has of an order what it costs if it stands, and nothing otherwise. */
export class Money {
  /** @type {Map<string, Books['captures']>} */ #captures;
  /** @type {Map<string, Books['refunds']>} */ #refunds;

  /** @param {Findings} findings @param {Books} books @param {{ quiet: boolean }} when */
  constructor(findings, { captures, refunds }, { quiet }) {
    this.findings = findings;
    this.quiet = quiet;
    this.#captures = byOrder(captures);
    this.#refunds = byOrder(refunds);
  }

  /** @param {Order} order */
  see({ id, status, total, payment }) {
    const captures = this.#captures.get(id) ?? [];
    const refunds = this.#refunds.get(id) ?? [];
    this.#captures.delete(id);
    this.#refunds.delete(id);
    const [captured, refunded] = [sumOf(captures), sumOf(refunds)];
    if (captures.length > 1)
      this.findings.add(
        'I5',
        'an order was captured more than once',
        `${id}: ${captures.map((one) => one.id).join(', ')}`,
      );
    if (refunded > captured)
      this.findings.add('I5', 'more was refunded than captured', `${id} captured ${captured}, refunded ${refunded}`);
    if (WAITS.includes(status) && !this.quiet) return;
    const online = payment.method !== 'CASH_ON_DELIVERY';
    const due = online && STANDS.includes(status) ? total - payment.refunded : 0;
    if (captured - refunded !== due)
      this.findings.add(
        'I5',
        'the provider has another sum than the order says',
        `${id} ${status} due ${due}, captured ${captured}, refunded ${refunded}`,
      );
  }

  end() {
    for (const one of [...this.#captures.values()].flat())
      this.findings.add('I5', 'money was captured for no order', `${one.id} for ${one.orderId}`);
    for (const one of [...this.#refunds.values()].flat())
      this.findings.add('I5', 'money was refunded for no order', `${one.id} for ${one.orderId}`);
  }
}

/** @template {{ orderId: string }} T @param {T[]} entries @returns {Map<string, T[]>} */
function byOrder(entries) {
  /** @type {Map<string, T[]>} */
  const map = new Map();
  for (const entry of entries) map.set(entry.orderId, [...(map.get(entry.orderId) ?? []), entry]);
  return map;
}

/** @param {{ amount: number }[]} entries */
const sumOf = (entries) => entries.reduce((sum, { amount }) => sum + amount, 0);
