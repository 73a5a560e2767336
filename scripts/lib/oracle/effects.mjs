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

/** A mail about an order says so in its subject, and which entry of the history it tells in its Message-ID. */
const NUMBER = /\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b/;
const KEY = /^<([0-9a-f]{24})=2e(\d+)@/;

/** I6: each (order, seq) has its effect once. */
export class Effects {
  /** By order: the entries that were told by mail. A mailbox shows once what has one Message-ID. @type {Map<string, Set<number>>} */
  #told = new Map();

  /**
   * @param {Findings} findings
   * @param {{ quiet: boolean, inbox?: Mail[], sightings?: Sighting[] }} seen `inbox`: all mails, if that is known
   */
  constructor(findings, { quiet, inbox, sightings = [] }) {
    this.findings = findings;
    this.expectsMails = quiet && inbox !== undefined;
    for (const { messageId, subject } of inbox ?? []) {
      const [, orderId, seq] = KEY.exec(messageId) ?? [];
      if (orderId) this.#told.set(orderId, (this.#told.get(orderId) ?? new Set()).add(Number(seq)));
      else if (NUMBER.test(subject)) findings.add('I6', 'a repetition of this mail could not be recognised', subject);
    }
    this.#watch(sightings);
  }

  /** @param {Order} order */
  see(order) {
    const { id, history } = order;
    this.#checkHistory(order);
    const told = this.#told.get(id) ?? new Set();
    this.#told.delete(id);
    for (const seq of told)
      if (!history.some((entry) => entry.seq === seq))
        this.findings.add('I6', 'a mail tells of what did not happen', `${id}.${seq}`);
    const missing = history.find(
      ({ seq, kind, status }) => kind === 'status' && status === 'CONFIRMED' && !told.has(seq),
    );
    if (this.expectsMails && missing) this.findings.add('I6', 'a confirmed order has no mail', `${id}.${missing.seq}`);
  }

  end() {
    for (const id of this.#told.keys()) this.findings.add('I6', 'a mail is about no order', id);
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
