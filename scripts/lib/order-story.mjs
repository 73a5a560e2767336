/** One order's story, told from what the services have written down. */

/** @typedef {import('mongodb').Document} Document */
/** @typedef {import('./order-records.mjs').OrderRecords} OrderRecords */
/** @typedef {{ at: Date, what: string }} Happening */

/**
 * @param {OrderRecords} records
 * @returns {Happening[]} in the order in which it happened
 */
export function storyOf(records) {
  const told = [orders, reservations, payments, deadLetters, mails].flatMap((chapter) => chapter(records));
  return told.sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** @param {number} minorUnits @param {string} currency */
export const money = (minorUnits, currency) => `${(minorUnits / 100).toFixed(2)} ${currency}`;

/** @param {Document[]} lines @param {OrderRecords['order']} order `2 × Sencha, 1 × Assam` */
export const unitsOf = (lines, { items }) =>
  lines
    .map(({ stockId, quantity }) => {
      const item = items.find((/** @type {Document} */ one) => String(one.stockId) === String(stockId));
      return `${quantity} × ${item?.name ?? `stock ${String(stockId)}`}`;
    })
    .join(', ');

/** @param {number} count @param {string} what */
export const times = (count, what) => `${count} ${what}${count === 1 ? '' : 's'}`;

/** @param {number} ms */
export const duration = (ms) =>
  ms < 1_000 ? `${ms} ms` : ms < 120_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;

/** @param {OrderRecords} records @returns {Happening[]} */
function orders({ order }) {
  const { items, total, currency, payment, history, createdAt, promotedAt, tier, shipments = [], refunds = [] } = order;
  const since = (/** @type {Date} */ at) => duration(at.getTime() - createdAt.getTime());
  const prices = items.map(
    (/** @type {Document} */ item) => `${item.quantity} × ${item.name} at ${money(item.price, currency)}`,
  );
  const { requestId, traceparent, idempotency } = order;
  const trace = traceparent ? `, trace ${traceparent.split('-')[1]}` : '';
  const key = idempotency ? `, idempotency key ${idempotency.key}` : '';
  const accepted = `It was accepted: ${prices.join(', ')}; ${money(total, currency)} in all, by ${payment.method}. Request ${requestId}${trace}${key}.`;
  return [
    { at: createdAt, what: accepted },
    ...(promotedAt
      ? [
          {
            at: promotedAt,
            what: `It was moved before everybody else, after ${since(promotedAt)} in the ${tier} lane.`,
          },
        ]
      : []),
    ...history.slice(1).map((/** @type {Document} */ entry) => ({
      at: entry.at,
      what: `${moved(entry)}, ${since(entry.at)} after it was accepted.`,
    })),
    ...shipments.map((/** @type {Document} */ { at, items: left, carrier, trackingNumber }) => {
      const by = carrier ? ` by ${carrier}${trackingNumber ? `, ${trackingNumber}` : ''}` : '';
      return { at, what: `${unitsOf(left, order)} left${by}.` };
    }),
    ...refunds.map((/** @type {Document} */ { at, amount, state, reason, error }) => {
      const why = [reason, error].filter(Boolean).join('; ');
      return {
        at,
        what: `A refund of ${money(amount, currency)} was asked for${why ? ` (${why})` : ''}; it is ${state}.`,
      };
    }),
  ];
}

/** @param {Document} entry of its history */
function moved({ kind, status, by, reason }) {
  const what = kind === 'status' ? `It became ${status}` : `Its ${kind} changed while it was ${status}`;
  return `${what}, by ${by}${reason ? `: ${reason}` : ''}`;
}

const MOVEMENTS = /** @type {Record<string, string>} */ ({
  reservation: 'were reserved',
  commit: 'were sold',
  release: 'went back on sale',
  adjustment: 'were adjusted',
});

/** @param {OrderRecords} records @returns {Happening[]} */
function reservations({ order, movements }) {
  if (!movements) return [];
  return movements.map(({ at, stockId, kind, orders: moving, version }) => {
    const mine = moving.filter((/** @type {Document} */ one) => String(one.orderId) === String(order._id));
    const lines = mine.map((/** @type {Document} */ { quantity }) => ({ stockId, quantity }));
    const became = MOVEMENTS[kind] ?? `moved (${kind})`;
    return { at, what: `${unitsOf(lines, order)} ${became} (version ${version} of the stock).` };
  });
}

/** @param {OrderRecords} records @returns {Happening[]} */
function payments({ payment, webhooks }) {
  const seen = webhooks.map(({ receivedAt: at, provider, type, state, deliveries, error }) => {
    const often = deliveries > 1 ? `, ${deliveries} times` : '';
    return { at, what: `${provider} said ${type}${often}; that was ${state}${error ? `: ${error}` : ''}.` };
  });
  if (!payment) return seen;
  const { createdAt, method, amount, currency, reference, captures, declines, refunds, disputes } = payment;
  const known = reference ? ` as ${reference}` : ', which the provider does not know yet';
  return [
    { at: createdAt, what: `A payment of ${money(amount, currency)} was opened with ${method}${known}.` },
    ...captures.map((/** @type {Document} */ { at, id, amount: got }) => ({
      at,
      what: `${money(got, currency)} came in (${id}).`,
    })),
    ...declines.map((/** @type {Document} */ { at, reason }) => ({ at, what: `A payment was declined: ${reason}.` })),
    ...disputes.map((/** @type {Document} */ { at, amount: about, reason }) => ({
      at,
      what: `${money(about, currency)} are disputed: ${reason}.`,
    })),
    ...refunds.map((/** @type {Document} */ { at, amount: back, state, reason }) => {
      return { at, what: `${money(back, currency)} were to go back${reason ? ` (${reason})` : ''}; that is ${state}.` };
    }),
    ...seen,
  ];
}

/** @param {OrderRecords} records @returns {Happening[]} */
function deadLetters({ deadLetters: letters }) {
  return letters.flatMap(({ at, error, attempts, crashes, audit }) => {
    const died = crashes ? `, of which ${crashes} ended with the death of their worker` : '';
    return [
      { at, what: `It became a dead letter after ${times(attempts, 'attempt')}${died}: ${error}.` },
      ...audit.map((/** @type {Document} */ entry) => ({
        at: entry.at,
        what: `Its dead letter was ${entry.action} by ${entry.by}${entry.reason ? `: ${entry.reason}` : ''}.`,
      })),
    ];
  });
}

/** @param {OrderRecords} records @returns {Happening[]} */
function mails({ mails: all }) {
  return all.map(({ kind, state, createdAt, endedAt, error }) => {
    const why = error ? ` (${error})` : '';
    if (!endedAt) return { at: createdAt, what: `The mail “${kind}” was written down; it is ${state}${why}.` };
    return { at: endedAt, what: `The mail “${kind}” was ${state === 'failed' ? 'given up' : state}${why}.` };
  });
}
