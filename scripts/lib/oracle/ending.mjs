import { owes } from './holdings.mjs';

/** @typedef {import('./picture.mjs').Order} Order */
/** @typedef {import('./picture.mjs').DeadLetter} DeadLetter */
/** @typedef {import('./findings.mjs').Findings} Findings */

/** An order of an open shop may be on its way for so long, in ms; what takes longer was left behind. */
const PATIENCE_MS = 15 * 60_000;

/** I4: every order has ended, or lies in the dead letters with a reason. */
export class Ending {
  /** How many orders have not ended, or still owe something. */
  waiting = 0;

  /** @param {Findings} findings @param {{ quiet: boolean, now: Date }} when `quiet`: nothing should move any more */
  constructor(findings, { quiet, now }) {
    this.findings = findings;
    this.quiet = quiet;
    this.since = now.getTime() - PATIENCE_MS;
  }

  /** @param {string} id @param {Order | undefined} order @param {DeadLetter[]} letters */
  see(id, order, letters) {
    for (const letter of letters) {
      if (!order) this.findings.add('I4', 'a dead letter is about an order that does not exist', textOf(letter));
      if (!letter.error) this.findings.add('I4', 'a dead letter has no reason', textOf(letter));
    }
    if (!order) return;
    const debts = Object.entries(order.outbox).filter(([, since]) => since);
    if (order.status === 'PENDING' || debts.length > 0) this.#wait(order, debts);
    const given = order.status === 'FAILED' && order.failureCode === 'PROCESSING_FAILED' && !owes(order);
    if (given && !letters.some(({ epoch }) => epoch === order.epoch))
      this.findings.add('I4', 'an order was given up without a dead letter', `${id} epoch ${order.epoch}`);
  }

  /** @param {Order} order @param {[string, Date | undefined][]} debts */
  #wait({ id, status, history }, debts) {
    this.waiting++;
    // Not the date of the debt: what was lost is owed again from the beginning of time, to be paid first.
    const since = history.at(-1)?.at;
    const text = [`${id} ${status} since ${since?.toISOString()}`, ...debts.map(([debt]) => `owes ${debt}`)].join(' ');
    if (this.quiet && status === 'PENDING') this.findings.add('I4', 'an order has not ended', text);
    else if (this.quiet) this.findings.add('I4', 'an order still owes something', text);
    else if ((since?.getTime() ?? 0) < this.since) this.findings.add('I4', 'an order was left behind', text);
  }
}

/** @param {DeadLetter} letter */
const textOf = ({ orderId, epoch }) => `${orderId} epoch ${epoch}`;
