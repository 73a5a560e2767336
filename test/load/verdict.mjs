const OPEN = ['PENDING'];
const SOLD = ['CONFIRMED', 'SHIPPED', 'DELIVERED'];

/**
 * What is wrong, in sentences; empty when all is well.
 * @param {{ acceptedIds: Iterable<string>, orders: object[], levels: object[] }} outcome the ids answered with 201, all
 *   orders of the run, and the stock levels after it.
 */
export function findWrongs({ acceptedIds, orders, levels }) {
  const known = new Set(orders.map(({ id }) => id));
  const lost = [...acceptedIds].filter((id) => !known.has(id));
  const pending = orders.filter(({ status }) => OPEN.includes(status));
  return [
    ...(lost.length > 0 ? [`${lost.length} accepted orders are lost: ${some(lost)}`] : []),
    ...(pending.length > 0 ? [`${pending.length} orders are left pending: ${some(pending.map(({ id }) => id))}`] : []),
    ...levels.flatMap((level) => wrongsOfStock(level, soldOf(orders, level.stockId))),
  ];
}

/** Counted by the orders, not by the stock service: a balance that is oversold still adds up. */
function wrongsOfStock({ stockId, stock, available, reserved }, sold) {
  if (sold > stock) return [`stock ${stockId} is oversold: ${sold} of ${stock} units`];
  if (sold + available + reserved !== stock) {
    return [`stock ${stockId} does not add up: ${sold} sold, ${available} available, ${reserved} reserved of ${stock}`];
  }
  return reserved > 0 ? [`stock ${stockId} still holds ${reserved} units for nobody`] : [];
}

const soldOf = (orders, stockId) =>
  orders
    .filter(({ status }) => SOLD.includes(status))
    .flatMap(({ items }) => items)
    .filter((item) => item.stockId === stockId)
    .reduce((sum, { quantity }) => sum + quantity, 0);

const some = (ids) => ids.slice(0, 3).join(', ') + (ids.length > 3 ? ', …' : '');
