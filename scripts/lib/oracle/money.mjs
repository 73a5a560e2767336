import { owes } from './holdings.mjs';

/** @typedef {import('./picture.mjs').Order} Order */
/** @typedef {import('./picture.mjs').Payment} Payment */
/** @typedef {import('./findings.mjs').Findings} Findings */

/** @typedef {{ id: string, amount: number }} Booking minor units */

/**
 * What the payment provider has in its own books.
 * @typedef {object} Books
 * @property {Date} [since] of orders that are older they know nothing
 * @property {(Booking & { orderId: string })[]} captures
 * @property {(Booking & { orderId: string })[]} refunds
 */

const STANDS = ['CONFIRMED', 'SHIPPED', 'DELIVERED'];
const WAITS = ['PENDING', 'AWAITING_PAYMENT'];

/**
 * I5: at most one capture an order; what was captured and not refunded is what the order costs if it stands, and nothing
 * otherwise. So it is in what payments has written down, and in the provider's own books where there are any.
 */
export class Money {
  /** @type {Map<string, Booking[]>} */ #captures;
  /** @type {Map<string, Booking[]>} */ #refunds;

  /** @param {Findings} findings @param {Books | undefined} books @param {{ quiet: boolean }} when */
  constructor(findings, books, { quiet }) {
    this.findings = findings;
    this.quiet = quiet;
    /** The moment from which on the books know everything. */
    this.since = books && (books.since?.getTime() ?? 0);
    this.#captures = byOrder(books?.captures ?? []);
    this.#refunds = byOrder(books?.refunds ?? []);
  }

  /** @param {Order} order @param {Payment} [payment] */
  see(order, payment) {
    const moves = !this.quiet && isMoving(order, payment);
    this.#judge('payments', order, payment?.captures ?? [], payment?.refunds.filter(isDone) ?? [], moves);
    const booked = this.#take(order.id);
    const begun = order.history[0]?.at.getTime() ?? 0;
    if (this.since !== undefined && begun >= this.since) this.#judge('the provider', order, ...booked, moves);
  }

  /** What was paid for an order that is not there. @param {Payment} payment */
  seeStrange({ id, captures }) {
    for (const one of captures) this.findings.add('I5', 'money was captured for no order', `${one.id} for ${id}`);
    this.#take(id);
  }

  end() {
    for (const [orderId, captures] of this.#captures)
      for (const { id } of captures) this.findings.add('I5', 'money was captured for no order', `${id} for ${orderId}`);
    for (const [orderId, refunds] of this.#refunds)
      for (const { id } of refunds) this.findings.add('I5', 'money was refunded for no order', `${id} for ${orderId}`);
  }

  /**
   * @param {'payments' | 'the provider'} who
   * @param {Order} order
   * @param {Booking[]} captures
   * @param {Booking[]} refunds
   * @param {boolean} moves the sums are not yet what they will be
   */
  #judge(who, { id, status, total, payment }, captures, refunds, moves) {
    const [captured, refunded] = [sumOf(captures), sumOf(refunds)];
    if (captures.length > 1)
      this.findings.add(
        'I5',
        'an order was captured more than once',
        `${id}: ${captures.map((one) => one.id).join(', ')}`,
      );
    if (refunded > captured)
      this.findings.add('I5', 'more was refunded than captured', `${id} captured ${captured}, refunded ${refunded}`);
    if (moves) return;
    const online = payment.method !== 'CASH_ON_DELIVERY';
    const due = online && STANDS.includes(status) ? total - payment.refunded : 0;
    if (captured - refunded !== due)
      this.findings.add(
        'I5',
        who === 'payments'
          ? 'payments has another sum than the order says'
          : 'the provider has another sum than the order says',
        `${id} ${status} due ${due}, captured ${captured}, refunded ${refunded}`,
      );
  }

  /** @param {string} orderId @returns {[captures: Booking[], refunds: Booking[]]} */
  #take(orderId) {
    const [captures, refunds] = [this.#captures.get(orderId) ?? [], this.#refunds.get(orderId) ?? []];
    this.#captures.delete(orderId);
    this.#refunds.delete(orderId);
    return [captures, refunds];
  }
}

/** Something is still to be done for one of the two, or the order has not yet heard of it. @param {Order} order @param {Payment} [payment] */
const isMoving = (order, payment) =>
  WAITS.includes(order.status) || owes(order) || (payment !== undefined && (payment.due || !hasHeard(order, payment)));

/** @param {Order} order @param {Payment} payment */
const hasHeard = ({ refunds = [] }, payment) =>
  payment.refunds.filter(isDone).every(({ key }) => refunds.includes(key));

/** @param {{ state: string }} refund */
const isDone = ({ state }) => state === 'done';

/** @param {(Booking & { orderId: string })[]} entries @returns {Map<string, Booking[]>} */
function byOrder(entries) {
  /** @type {Map<string, Booking[]>} */
  const map = new Map();
  for (const entry of entries) map.set(entry.orderId, [...(map.get(entry.orderId) ?? []), entry]);
  return map;
}

/** @param {{ amount: number }[]} entries */
const sumOf = (entries) => entries.reduce((sum, { amount }) => sum + amount, 0);
