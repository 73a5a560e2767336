/** @typedef {import('./picture.mjs').Order} Order */
/** @typedef {import('./picture.mjs').Reservation} Reservation */
/** @typedef {import('./picture.mjs').Stock} Stock */
/** @typedef {import('./findings.mjs').Findings} Findings */
/** @typedef {'none' | Reservation['state']} Holding */

/**
 * What an order in this status has of stock: `rest` when all is done; `way` while it is on its way there, which is
 * legitimate on a shop that is open.
 * @type {Record<Order['status'], { rest: Holding[], way: Holding[] }>}
 */
const RULES = {
  PENDING: { rest: ['none', 'released'], way: ['held', 'committed'] },
  AWAITING_PAYMENT: { rest: ['held'], way: [] },
  // The order moves first, and what it holds is committed after: as long as it owes that, it may be held.
  CONFIRMED: { rest: ['committed'], way: ['held'] },
  SHIPPED: { rest: ['committed'], way: [] },
  DELIVERED: { rest: ['committed'], way: [] },
  REFUNDED: { rest: ['committed'], way: [] },
  FAILED: { rest: ['none', 'released'], way: ['held', 'committed'] },
  CANCELLED: { rest: ['none', 'released'], way: ['held', 'committed'] },
};

/** What is in the outbox for other services to do; that a fact is still to be told moves no unit. */
const MOVES_NOTHING = ['tell', 'enqueue'];

/** @param {Order} order @returns {boolean} whether stock or money is still to be moved for it */
export const owes = ({ outbox }) =>
  Object.entries(outbox).some(([debt, since]) => since && !MOVES_NOTHING.includes(debt));

/** @typedef {{ reserved: number, sold: number }} Units */

/** I2: what orders have is what stock has given them, order by order and in sum. */
export class Holdings {
  /** @type {Map<string, { due: Units, moving: number }>} */ #byStock = new Map();
  /** Units of orders that are on their way. */
  moving = 0;

  /** @param {Findings} findings */
  constructor(findings) {
    this.findings = findings;
  }

  /** @param {string} id @param {Order | undefined} order @param {Reservation | undefined} reservation */
  see(id, order, reservation) {
    const holding = reservation?.state ?? 'none';
    if (!order) return this.#strange(id, holding, reservation);
    const { rest, way } = RULES[order.status];
    const onItsWay = order.status === 'PENDING' || owes(order);
    if (!rest.includes(holding) && !(onItsWay && way.includes(holding)))
      this.findings.add(
        'I2',
        'an order does not hold what its status says',
        `${id} ${order.status}, reservation ${holding}`,
      );
    if (reservation) this.#compare(order, reservation, onItsWay);

    // On its way, an order has what its reservation says; otherwise it is due what it says itself.
    if (onItsWay) for (const line of reservation?.lines ?? []) this.#due(holding, line, true);
    else for (const line of order.items.map(left)) this.#due(rest[0], line, false);
  }

  /** @param {string} id @param {Holding} holding @param {Reservation | undefined} reservation */
  #strange(id, holding, reservation) {
    if (!['held', 'committed'].includes(holding)) return;
    this.findings.add('I2', 'units are reserved or sold for an order that does not exist', `${id} ${holding}`);
    for (const line of reservation?.lines ?? []) this.#due(holding, line, false);
  }

  /** @param {Order} order @param {Reservation} reservation @param {boolean} onItsWay what comes back may be still to come */
  #compare({ id, epoch, items }, reservation, onItsWay) {
    if (reservation.epoch > epoch)
      this.findings.add(
        'I2',
        'a reservation is ahead of its order',
        `${id} epoch ${epoch}, reservation ${reservation.epoch}`,
      );
    if (reservation.state === 'released') return;
    const [ordered, taken] = [linesOf(items.map(left)), linesOf(reservation.lines)];
    if (ordered !== taken && !(onItsWay && taken === linesOf(items)))
      this.findings.add('I2', 'an order and its reservation have different lines', `${id}: ${ordered} and ${taken}`);
  }

  /** @param {Holding | undefined} holding @param {import('./picture.mjs').Line} line @param {boolean} moving */
  #due(holding, { stockId, quantity }, moving) {
    if (holding !== 'held' && holding !== 'committed') return;
    const sum = this.#byStock.get(stockId) ?? { due: { reserved: 0, sold: 0 }, moving: 0 };
    this.#byStock.set(stockId, sum);
    sum.due[holding === 'held' ? 'reserved' : 'sold'] += quantity;
    if (moving) this.moving += quantity;
  }

  /** After all orders: does a stock say the same? @param {Stock} stock @returns {Units} what orders say */
  judge({ id, reserved, sold }) {
    const { due } = this.#byStock.get(id) ?? { due: { reserved: 0, sold: 0 } };
    this.#byStock.delete(id);
    if (sold !== due.sold)
      this.findings.add('I2', 'orders and stock differ on what is sold', `${id} orders ${due.sold}, stock ${sold}`);
    if (reserved !== due.reserved)
      this.findings.add(
        'I2',
        'orders and stock differ on what is held',
        `${id} orders ${due.reserved}, stock ${reserved}`,
      );
    return due;
  }

  /** What orders have of stocks that are not there. */
  end() {
    for (const id of this.#byStock.keys()) this.findings.add('I2', 'orders name a stock that does not exist', id);
  }
}

/** What is left of a line of an order after what was put on sale again. @param {Order['items'][number]} item */
const left = ({ stockId, quantity, restocked = 0 }) => ({ stockId, quantity: quantity - restocked });

/** @param {{ stockId: string, quantity: number }[]} lines @returns {string} equal for equal lines */
const linesOf = (lines) =>
  lines
    .filter(({ quantity }) => quantity !== 0)
    .map(({ stockId, quantity }) => `${quantity} of ${stockId}`)
    .sort()
    .join(', ');
