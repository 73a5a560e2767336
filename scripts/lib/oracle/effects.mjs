/** @typedef {import('./picture.mjs').Order} Order */
/** @typedef {import('./findings.mjs').Findings} Findings */

/** @typedef {{ messageId: string, subject: string }} Mail as it came to a mailbox */
/** @typedef {{ orderId: string, seq: number }} Sighting what somebody who watches an order saw, in the order of seeing */

/** From one entry of a history to the next. A given-up order can be replayed. @type {Record<Order['status'], Order['status'][]>} */
const NEXT = {
  PENDING: ['AWAITING_PAYMENT', 'CONFIRMED', 'FAILED', 'CANCELLED'],
  AWAITING_PAYMENT: ['CONFIRMED', 'FAILED', 'CANCELLED'],
  CONFIRMED: ['SHIPPED', 'CANCELLED', 'REFUNDED'],
  SHIPPED: ['DELIVERED', 'REFUNDED'],
  DELIVERED: ['REFUNDED'],
  FAILED: ['PENDING'],
  CANCELLED: [],
  REFUNDED: [],
};

const NUMBER = /\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b/;

/** I6: each (order, seq) has its effect once. */
export class Effects {
  /** By order number: the mails that are not the same. A mailbox shows one Message-ID once. @type {Map<string, Map<string, string>>} */
  #mails = new Map();

  /**
   * @param {Findings} findings
   * @param {{ quiet: boolean, inbox?: Mail[], sightings?: Sighting[] }} seen `inbox`: all mails, if that is known
   */
  constructor(findings, { quiet, inbox, sightings = [] }) {
    this.findings = findings;
    this.expectsMails = quiet && inbox !== undefined;
    for (const { messageId, subject } of inbox ?? []) {
      const number = NUMBER.exec(subject)?.[0];
      if (number) this.#mails.set(number, (this.#mails.get(number) ?? new Map()).set(messageId, subject));
    }
    this.#watch(sightings);
  }

  /** @param {Order} order */
  see(order) {
    this.#checkHistory(order);
    const mails = [...(this.#mails.get(order.number)?.values() ?? [])];
    this.#mails.delete(order.number);
    const twice = mails.find((subject, index) => mails.indexOf(subject) < index);
    if (twice) this.findings.add('I6', 'a mail was sent twice', `${order.id}: ${twice}`);
    const confirmed = order.history.some(({ kind, status }) => kind === 'status' && status === 'CONFIRMED');
    if (this.expectsMails && confirmed && mails.length === 0)
      this.findings.add('I6', 'a confirmed order has no mail', `${order.id} ${order.number}`);
  }

  end() {
    for (const number of this.#mails.keys()) this.findings.add('I6', 'a mail is about no order', number);
  }

  /** @param {Order} order */
  #checkHistory({ id, status, seq, history }) {
    const seqs = history.map((entry) => entry.seq);
    const gap = seqs.findIndex((found, index) => found !== index + 1);
    if (gap >= 0 || seqs.length !== seq)
      this.findings.add('I6', 'a history has a gap or a double', `${id} seq ${seq}, entries ${seqs.join()}`);
    const wrong = history.find((entry, index) => {
      const before = index === 0 ? undefined : history[index - 1]?.status;
      return before === undefined
        ? entry.status !== 'PENDING'
        : entry.status !== before && !NEXT[before].includes(entry.status);
    });
    if (wrong || history.at(-1)?.status !== status)
      this.findings.add(
        'I6',
        'a history went a way that there is not',
        `${id} ${status}: ${history.map((entry) => entry.status).join()}`,
      );
  }

  /** @param {Sighting[]} sightings */
  #watch(sightings) {
    /** @type {Map<string, number>} */
    const last = new Map();
    for (const { orderId, seq } of sightings) {
      const before = last.get(orderId) ?? 0;
      if (seq < before) this.findings.add('I6', 'somebody saw an order go back', `${orderId} from ${before} to ${seq}`);
      last.set(orderId, seq);
    }
  }
}
