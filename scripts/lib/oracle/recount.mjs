import { Acceptance } from './acceptance.mjs';
import { Effects } from './effects.mjs';
import { Ending } from './ending.mjs';
import { Findings } from './findings.mjs';
import { Holdings } from './holdings.mjs';
import { Ledger } from './ledger.mjs';
import { checkLogs } from './logs.mjs';
import { Money } from './money.mjs';
import { alongside } from './picture.mjs';

/**
 * What is known from outside of the database, as far as it is known.
 * @typedef {object} Known
 * @property {boolean} [quiet] nothing should move any more: what is on its way is a violation too
 * @property {Date} [now]
 * @property {import('./acceptance.mjs').Answered[]} [answered] every order that these clients were answered
 * @property {import('./money.mjs').Books} [books] of the payment provider
 * @property {import('./effects.mjs').Mail[]} [inbox] every mail that came
 * @property {import('./effects.mjs').Sighting[]} [sightings]
 * @property {{ files: string[], secrets?: string[] }} [logs]
 * @property {(seen: Figures) => void} [onProgress]
 */

/** @typedef {Record<'stocks' | 'movements' | 'reservations' | 'orders' | 'deadLetters' | 'waiting', number>} Figures */

/**
 * @typedef {object} Report
 * @property {boolean} sound
 * @property {import('./findings.mjs').Violation[]} violations
 * @property {Figures} figures how much was recounted; `waiting`: orders on their way
 * @property {Record<string, number>} orders by status
 * @property {{ received: number, available: number, reserved: number, sold: number, soldByOrders: number, reservedByOrders: number, moving: number }} units
 */

/**
 * The oracle: recounts a shop from what is written down, order by order and stock by stock, in one walk over each
 * collection. It changes nothing, and holds of a shop of any size little more than a figure for each stock.
 *
 * @param {import('./picture.mjs').Picture} picture one moment of the shop
 * @param {Known} [known]
 * @returns {Promise<Report>}
 */
export async function recount(picture, known = {}) {
  const { quiet = false, now = new Date(), onProgress = () => {} } = known;
  const findings = new Findings();
  const figures = { stocks: 0, movements: 0, reservations: 0, orders: 0, deadLetters: 0, waiting: 0 };
  const units = { received: 0, available: 0, reserved: 0, sold: 0, soldByOrders: 0, reservedByOrders: 0, moving: 0 };
  /** @type {Record<string, number>} */
  const orders = {};

  const holdings = new Holdings(findings);
  const ending = new Ending(findings, { quiet, now });
  const acceptance = new Acceptance(findings, known.answered);
  const effects = new Effects(findings, { quiet, inbox: known.inbox, sightings: known.sightings });
  const money = new Money(findings, known.books, { quiet });

  for await (const { id, order, twice, reservation, letters, payment } of byOrder(picture)) {
    if (twice) findings.add('I3', 'an order is kept twice', id);
    holdings.see(id, order, reservation);
    ending.see(id, order, letters);
    if (reservation) figures.reservations++;
    figures.deadLetters += letters.length;
    if (order) {
      figures.orders++;
      orders[order.status] = (orders[order.status] ?? 0) + 1;
      for (const rules of [acceptance, effects]) rules.see(order);
      money.see(order, payment);
    } else if (payment) money.seeStrange(payment);
    onProgress(figures);
  }
  for await (const key of picture.keys) acceptance.seeKey(key);

  /** @type {Map<string, import('./picture.mjs').Stock>} */
  const stocks = new Map();
  for await (const stock of picture.stocks) stocks.set(stock.id, stock);
  const ledger = new Ledger(findings, stocks);
  for await (const movement of picture.movements) {
    ledger.see(movement);
    figures.movements++;
    onProgress(figures);
  }
  for (const stock of stocks.values()) {
    for (const name of /** @type {const} */ (['received', 'available', 'reserved', 'sold'])) units[name] += stock[name];
    const due = holdings.judge(stock);
    units.soldByOrders += due.sold;
    units.reservedByOrders += due.reserved;
  }
  for (const rules of [ledger, holdings, acceptance, effects, money]) rules.end();
  if (known.logs) await checkLogs(findings, known.logs.files, known.logs.secrets);
  figures.stocks = stocks.size;
  figures.waiting = ending.waiting;
  units.moving = holdings.moving;
  return { sound: findings.all.length === 0, violations: findings.all, figures, orders, units };
}

/** An order with what belongs to it; without the order where there is none. @param {import('./picture.mjs').Picture} picture */
async function* byOrder({ orders, reservations, deadLetters, payments }) {
  const together = alongside({
    orders: /** @type {const} */ ([orders, ({ id }) => id]),
    reservations: /** @type {const} */ ([reservations, ({ id }) => id]),
    letters: /** @type {const} */ ([deadLetters, ({ orderId }) => orderId]),
    payments: /** @type {const} */ ([payments, ({ id }) => id]),
  });
  for await (const { key, orders, reservations, letters, payments } of together)
    yield {
      id: key,
      order: orders[0],
      twice: orders.length > 1,
      reservation: reservations[0],
      letters,
      payment: payments[0],
    };
}
