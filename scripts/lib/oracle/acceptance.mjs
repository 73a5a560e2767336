/** @typedef {import('./picture.mjs').Order} Order */
/** @typedef {import('./picture.mjs').Key} Key */
/** @typedef {import('./findings.mjs').Findings} Findings */

/**
 * @typedef {object} Answered an order as a client was told of it (2xx)
 * @property {string} orderId
 * @property {string} userId
 * @property {string} [key]
 */

/** I3: what was answered exists, and one key is one order. */
export class Acceptance {
  /** @type {Map<string, Answered>} */ #missing = new Map();
  /** @type {Set<string>} */ #customers = new Set();
  /** @type {Key | undefined} */ #previous;

  /** @param {Findings} findings @param {Answered[]} [answered] all that these users were answered, if that is known */
  constructor(findings, answered = []) {
    this.findings = findings;
    /** @type {Map<string, string>} */
    const keys = new Map();
    for (const order of answered) {
      this.#missing.set(order.orderId, order);
      this.#customers.add(order.userId);
      const first = keys.get(`${order.userId} ${order.key}`) ?? order.orderId;
      keys.set(`${order.userId} ${order.key}`, first);
      if (order.key !== undefined && first !== order.orderId)
        findings.add('I3', 'one key was answered with two orders', `${order.key}: ${first} and ${order.orderId}`);
    }
  }

  /** @param {Order} order */
  see({ id, userId, key }) {
    const answered = this.#missing.get(id);
    this.#missing.delete(id);
    if (!answered && this.#customers.has(userId))
      this.findings.add('I3', 'an order exists that nobody was answered', `${id} of user ${userId}`);
    if (answered && (answered.userId !== userId || answered.key !== key))
      this.findings.add('I3', "an order is somebody else's than was answered", `${id} of user ${userId}, key ${key}`);
  }

  /** @param {Key} key in the order of user and key */
  seeKey(key) {
    const before = this.#previous;
    this.#previous = key;
    if (before?.userId === key.userId && before.key === key.key)
      this.findings.add('I3', 'one key made two orders', `${key.key}: ${before.orderId} and ${key.orderId}`);
  }

  end() {
    for (const id of this.#missing.keys()) this.findings.add('I3', 'an order was answered and is lost', id);
  }
}
