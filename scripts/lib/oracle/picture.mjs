/**
 * What the oracle reads of a shop, as plain objects with ids as text: from arrays in its own tests, from cursors on a
 * database of any size otherwise. Nothing here is taken from the services' code: whoever judges it must not share its
 * mistakes.
 */

/**
 * @template T
 * @typedef {Iterable<T> | AsyncIterable<T>} Source
 */

/** @typedef {{ stockId: string, quantity: number }} Line */

/**
 * @typedef {object} Stock
 * @property {string} id
 * @property {number} available
 * @property {number} reserved
 * @property {number} sold
 * @property {number} received
 * @property {number} version
 */

/**
 * @typedef {object} Movement
 * @property {string} stockId
 * @property {number} version
 * @property {number} n of its first line; orders that move a stock alike have a line each
 * @property {string} kind
 * @property {number} available
 * @property {number} reserved
 * @property {number} sold of all its lines together
 * @property {{ orderId: string, quantity: number }[]} orders none where an admin moved
 */

/**
 * @typedef {object} Reservation
 * @property {string} id of its order
 * @property {number} epoch
 * @property {'held' | 'committed' | 'released'} state
 * @property {Line[]} lines what came back of a line is not in it any more
 */

/** @typedef {'PENDING' | 'AWAITING_PAYMENT' | 'CONFIRMED' | 'SHIPPED' | 'DELIVERED' | 'FAILED' | 'CANCELLED' | 'REFUNDED'} Status */

/**
 * @typedef {object} Order
 * @property {string} id
 * @property {string} number
 * @property {string} userId
 * @property {Status} status
 * @property {(Line & { restocked?: number })[]} items
 * @property {number} total minor units
 * @property {number} epoch
 * @property {number} seq
 * @property {{ seq: number, kind: string, status: Status, at: Date }[]} history
 * @property {Record<string, Date | undefined>} outbox what it owes, by name, since when
 * @property {string} [failureCode]
 * @property {string} [key] its idempotency key
 * @property {{ method: string, refunded: number }} payment minor units
 * @property {string[]} [refunds] their ids
 */

/** @typedef {{ orderId: string, epoch: number, error?: string }} DeadLetter in the epoch in which the order was given up */

/**
 * @typedef {object} Payment
 * @property {string} id of its order
 * @property {{ id: string, amount: number }[]} captures minor units, as of all amounts
 * @property {{ id: string, amount: number, key: string, state: string }[]} refunds
 * @property {boolean} due there is something to do about it, or others have to hear of it
 */

/** @typedef {{ userId: string, key: string, orderId: string }} Key */

/**
 * @typedef {object} Picture
 * @property {Source<Stock>} stocks by id
 * @property {Source<Movement>} movements by stock, version and n
 * @property {Source<Reservation>} reservations by id
 * @property {Source<Order>} orders by id
 * @property {Source<DeadLetter>} deadLetters by order
 * @property {Source<Payment>} payments by order
 * @property {Source<Key>} keys the idempotency keys, by user and key
 */

/**
 * Walks through sources that are in the order of the same key, side by side, and holds only what belongs to one key at a
 * time.
 *
 * @template {Record<string, [Source<any>, (item: any) => string]>} Sources
 * @param {Sources} sources each with what its key is
 * @returns {AsyncGenerator<{ key: string } & { [Name in keyof Sources]: Sources[Name][0] extends Source<infer T> ? T[] : never }>}
 */
export async function* alongside(sources) {
  const walkers = await Promise.all(
    Object.entries(sources).map(([name, [source, keyOf]]) => walker(name, source, keyOf)),
  );
  for (;;) {
    const keys = walkers.flatMap((one) => one.head ?? []);
    if (keys.length === 0) return;
    const key = keys.reduce((a, b) => (a < b ? a : b));
    /** @type {any} */
    const together = { key };
    for (const one of walkers) together[one.name] = await one.take(key);
    yield together;
  }
}

/** @param {string} name @param {Source<any>} source @param {(item: any) => string} keyOf */
async function walker(name, source, keyOf) {
  const items = (async function* () {
    yield* source;
  })();
  let next = await items.next();
  const one = {
    name,
    head: next.done ? undefined : keyOf(next.value),
    /** @param {string} key @returns {Promise<unknown[]>} all that belong to it, from where the last one ended */
    async take(key) {
      const taken = [];
      while (one.head === key) {
        taken.push(next.value);
        next = await items.next();
        one.head = next.done ? undefined : keyOf(next.value);
        if (one.head !== undefined && one.head < key) throw new Error(`${name} are not in the order of their key`);
      }
      return taken;
    },
  };
  return one;
}
