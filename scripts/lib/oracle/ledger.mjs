/** @typedef {import('./picture.mjs').Stock} Stock */
/** @typedef {import('./picture.mjs').Movement} Movement */
/** @typedef {import('./findings.mjs').Findings} Findings */

const COUNTERS = /** @type {const} */ (['available', 'reserved', 'sold']);

/** I1 and I7: what the counters of stocks say, and what their movements say when they are replayed. */
export class Ledger {
  /** @type {Replay | undefined} */ #replay;
  /** @type {Set<string>} */ #replayed = new Set();

  /** @param {Findings} findings @param {ReadonlyMap<string, Stock>} stocks by id */
  constructor(findings, stocks) {
    this.findings = findings;
    this.stocks = stocks;
  }

  /** @param {Movement} movement in the order of stock, version and n */
  see(movement) {
    if (this.#replay?.stockId !== movement.stockId) {
      this.#finish();
      this.#replay = new Replay(this.findings, movement.stockId);
    }
    this.#replay.see(movement);
  }

  end() {
    this.#finish();
    for (const stock of this.stocks.values()) {
      checkCounters(this.findings, stock);
      if (!this.#replayed.has(stock.id)) this.findings.add('I7', 'a stock has no movements', stock.id);
    }
  }

  #finish() {
    if (!this.#replay) return;
    const { stockId, sums, version } = this.#replay;
    this.#replayed.add(stockId);
    const stock = this.stocks.get(stockId);
    if (!stock) return this.findings.add('I7', 'movements belong to a stock that does not exist', stockId);
    const replayed = { ...sums, version };
    if (COUNTERS.some((name) => sums[name] !== stock[name]) || version !== stock.version) {
      const text = `${textOf(stock)}; replayed ${JSON.stringify(replayed)}`;
      this.findings.add('I7', 'movements do not replay to the counters', text);
    }
  }
}

/** @param {Findings} findings @param {Stock} stock */
function checkCounters(findings, stock) {
  const { available, reserved, sold, received } = stock;
  if (COUNTERS.some((name) => stock[name] < 0)) findings.add('I1', 'a stock is below zero', textOf(stock));
  if (available + reserved + sold !== received) findings.add('I1', 'a stock does not add up', textOf(stock));
}

/** @param {Stock} stock */
const textOf = ({ id, ...figures }) => `${id} ${JSON.stringify(figures)}`;

/** The movements of one stock, one after the other. */
class Replay {
  sums = { available: 0, reserved: 0, sold: 0 };
  version = 0;
  /** The number that its next line has, if it is in the same version. */
  #next = 0;
  /** What each order has of it: nobody takes twice, and nobody gives back what it has not. @type {Map<string, { reserved: number, sold: number }>} */
  #holders = new Map();

  /** @param {Findings} findings @param {string} stockId */
  constructor(findings, stockId) {
    this.findings = findings;
    this.stockId = stockId;
  }

  /** @param {Movement} movement */
  see(movement) {
    const { version, n, orders } = movement;
    const text = `${this.stockId} ${version}.${n}`;
    const next = version === this.version ? n === this.#next : version === this.version + 1 && n === 0;
    if (!next) this.findings.add('I7', 'a movement is missing or doubled', `${text} after version ${this.version}`);
    [this.version, this.#next] = [version, n + Math.max(1, orders.length)];
    for (const name of COUNTERS) this.sums[name] += movement[name];

    const units = orders.reduce((sum, { quantity }) => sum + quantity, 0);
    const isShared = COUNTERS.every((name) => [0, units].includes(Math.abs(movement[name])));
    if (orders.length > 0 && !isShared)
      this.findings.add('I7', 'a movement is more than its orders moved', `${text}: ${units} units`);
    for (const { orderId, quantity } of orders) {
      const [available, reserved, sold] = COUNTERS.map((name) => Math.sign(movement[name]) * quantity);
      this.#move(orderId, { available, reserved, sold });
    }
  }

  /** @param {string} orderId @param {{ available?: number, reserved?: number, sold?: number }} moved */
  #move(orderId, { available = 0, ...moved }) {
    const { reserved, sold } = this.#holders.get(orderId) ?? { reserved: 0, sold: 0 };
    const now = { reserved: reserved + (moved.reserved ?? 0), sold: sold + (moved.sold ?? 0) };
    const text = `order ${orderId}, stock ${this.stockId}`;
    if (available < 0 && reserved + sold > 0)
      this.findings.add('I7', 'an order took its units twice', `${text}: ${reserved + sold} and ${-available}`);
    if (now.reserved < 0 || now.sold < 0)
      this.findings.add('I7', 'an order gave back what it did not have', `${text}: ${JSON.stringify(now)}`);
    if (now.reserved + now.sold === 0) this.#holders.delete(orderId);
    else this.#holders.set(orderId, now);
  }
}
