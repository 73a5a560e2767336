/** How an order stands, and what it waits for. */
import { duration, money, times, unitsOf } from './order-story.mjs';

/** @typedef {import('mongodb').Document} Document */
/** @typedef {import('./order-records.mjs').OrderRecords} OrderRecords */

const DEBTS = /** @type {Record<string, string>} */ ({
  enqueue: 'to be enqueued',
  tell: 'to be told of',
  compensate: 'to give back what it had taken',
  restock: 'to put on sale again what was refunded',
  refund: 'to pay out a refund',
  commit: 'to sell what is held for it',
});

const ENDS = /** @type {Record<string, string>} */ ({
  CONFIRMED: 'It is confirmed and waits to be shipped.',
  SHIPPED: 'It is on its way to its customer.',
  DELIVERED: 'It was delivered; nothing waits.',
  CANCELLED: 'It was cancelled; nothing waits.',
  REFUNDED: 'It was refunded; nothing waits.',
});

/**
 * @param {OrderRecords} records
 * @param {Date} now
 * @returns {string[]} sentences, the most important first
 */
export function standingOf(records, now) {
  return [
    status(records, now),
    ...attempts(records),
    ...stock(records),
    ...debts(records, now),
    ...facts(records),
    ...payments(records, now),
  ];
}

/** @param {OrderRecords} records @param {Date} now */
function status({ order, deadLetters }, now) {
  const { status: at, tier, claimed, claim, createdAt, payment, failure } = order;
  if (at === 'PENDING') {
    const waits = duration(now.getTime() - createdAt.getTime());
    if (claimed) return `It is PENDING, and a worker has it in hand (claim ${claim}).`;
    return `It is PENDING and has waited for ${waits} in the ${tier} lane; ${claim ? 'it is to be tried again.' : 'it waits for its first worker, or has just been taken up.'}`;
  }
  if (at === 'AWAITING_PAYMENT') {
    const declines = payment.declines ? `; ${payment.declines} tries were declined` : '';
    return `It waits for its customer to pay, until ${stamp(payment.expiresAt)}${declines}.`;
  }
  if (at === 'FAILED') {
    const open = deadLetters.find(({ state }) => state === 'open');
    const next = open ? ` Its dead letter ${String(open._id)} is open and can be replayed.` : '';
    return `It has failed with ${failure?.code ?? 'no code'}: ${failure?.message ?? 'nobody said why'}.${next}`;
  }
  return ENDS[at] ?? `It is ${at}.`;
}

/** @param {OrderRecords} records How long it waited for the first is in no document: see its trace, or the metrics. */
function attempts({ order: { claim, crashes, replays = 0 } }) {
  if (!claim) return [];
  const died = crashes ? `, and ${times(crashes, 'worker')} died or froze with it` : '';
  const again = replays ? `; it was replayed ${times(replays, 'time')}` : '';
  return [`Workers have taken it up ${times(claim, 'time')}${died}${again}.`];
}

/** @param {OrderRecords} records */
function stock({ order, reservation, movements }) {
  const slow = movements ? [] : ['The ledger of its stocks is too long to be looked through for this order.'];
  if (!reservation) return [...slow, 'Stock holds nothing for it.'];
  const { state, lines } = reservation;
  const units = lines.length > 0 ? unitsOf(lines, order) : 'nothing';
  const words = { held: `Stock holds ${units} for it.`, committed: `Stock has sold it ${units}.` };
  return [...slow, words[/** @type {'held'} */ (state)] ?? `What stock held for it (${units}) was released.`];
}

/** @param {OrderRecords} records @param {Date} now */
const debts = ({ order: { outbox = {} } }, now) =>
  Object.entries(outbox).map(([debt, since]) => {
    return `It has waited for ${duration(now.getTime() - since.getTime())} ${DEBTS[debt] ?? `for ${debt}`}.`;
  });

/** @param {OrderRecords} records */
function facts({ order: { seq, told, counted = 0 }, events, mails }) {
  const all = told >= seq;
  const last = Math.max(0, ...events.map(({ _id }) => Number(_id.split('.')[1])));
  const heard = last > 0 ? `; browsers have heard up to ${last}` : '';
  const pending = mails.filter(({ endedAt }) => !endedAt).length;
  return [
    `${all ? 'All' : `Only ${Math.max(told, 0)}`} of the ${seq} entries of its history ${all ? 'were told' : 'are known to be told'}${heard}.`,
    ...(counted < seq ? [`The reports have counted it up to ${counted}.`] : []),
    ...(pending > 0 ? [`${pending} of its mails wait to be sent.`] : []),
  ];
}

/** @param {OrderRecords} records @param {Date} now */
function payments({ payment }, now) {
  if (!payment) return [];
  const { state, captures, refunds, currency, dueAt } = payment;
  const sum = (/** @type {Document[]} */ list) => list.reduce((all, { amount }) => all + amount, 0);
  const back = sum(refunds.filter((/** @type {Document} */ refund) => refund.state === 'done'));
  const due = dueAt && dueAt <= now ? ' Somebody has to settle it or look it up.' : '';
  return [
    `Its payment is ${state}: ${money(sum(captures), currency)} came in, ${money(back, currency)} went back.${due}`,
  ];
}

/** @param {Date | undefined} at */
const stamp = (at) => (at ? at.toISOString().replace('T', ' ').slice(0, 19) : 'nobody knows when');
