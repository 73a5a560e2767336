import { recount, wrongsOf, type Known } from '../support/oracle';
import { anOrder, historyOf, now, soundShop, type PaperShop } from './shop';

/** What the oracle says of the sound shop after this change. */
async function after(change: (shop: PaperShop) => void, known: Known = {}): Promise<string[]> {
  const shop = soundShop();
  change(shop);
  return wrongsOf(await recount(shop, { now, ...known }));
}
const nothing = () => undefined;

describe('the oracle', () => {
  it('is content with a sound shop, and says how much it has recounted', async () => {
    const report = await recount(soundShop(), { now });
    expect(report).toMatchObject({ sound: true, violations: [] });
    expect(report.figures).toMatchObject({ stocks: 1, movements: 4, reservations: 3, orders: 4, waiting: 0 });
    expect(report.orders).toEqual({ CONFIRMED: 1, CANCELLED: 1, FAILED: 1, AWAITING_PAYMENT: 1 });
    expect(report.units).toMatchObject({ received: 10, available: 6, reserved: 2, sold: 2, soldByOrders: 2 });
  });

  it('is content with an empty one', async () => {
    const empty = { stocks: [], movements: [], reservations: [], orders: [], deadLetters: [], payments: [], keys: [] };
    expect(await recount(empty)).toMatchObject({ sound: true });
  });

  it('refuses sources that are out of order, of which it would see only half', async () => {
    await expect(after(({ orders }) => orders.reverse())).rejects.toThrow('orders are not in the order of their key');
  });
});

describe('I1: the oracle finds', () => {
  it('a stock that does not add up', async () => {
    const wrongs = await after(({ stocks: [tea] }) => (tea.received = 11));
    expect(wrongs).toEqual([expect.stringMatching(/^I1 a stock does not add up \(1: tea .*"received":11/)]);
  });

  it('a stock below zero, although it adds up', async () => {
    const wrongs = await after(({ stocks: [tea], movements: [receipt] }) => {
      [tea.available, tea.received, receipt.available] = [-1, 3, 3];
    });
    expect(wrongs).toEqual([expect.stringMatching(/^I1 a stock is below zero/)]);
  });
});

describe('I2: the oracle finds', () => {
  it('more sold than there was, where every stock adds up', async () => {
    const wrongs = await after((shop) => {
      shop.orders.push(anOrder('e', { status: 'CONFIRMED' }));
      shop.reservations.push({ id: 'e', epoch: 0, state: 'committed', lines: [{ stockId: 'tea', quantity: 2 }] });
    });
    expect(wrongs).toEqual(['I2 orders and stock differ on what is sold (1: tea orders 4, stock 2)']);
  });

  it.each([
    ['a confirmed order without a reservation', 'a', 'none'],
    ['a confirmed order whose units are only held', 'a', 'held'],
    ['a cancelled order that still has its units', 'b', 'committed'],
    ['an order that waits for its payment and holds nothing', 'd', 'released'],
  ])('%s', async (_what, id, state) => {
    const wrongs = await after((shop) => {
      const at = shop.reservations.findIndex((one) => one.id === id);
      if (state === 'none') shop.reservations.splice(at, 1);
      else shop.reservations[at].state = state;
    });
    expect(wrongs.join()).toMatch(
      new RegExp(`I2 an order does not hold what its status says \\(1: ${id} [A-Z_]+, reservation ${state}\\)`),
    );
  });

  it('units that are sold to nobody', async () => {
    const wrongs = await after(({ orders, keys }) => (orders.shift(), keys.shift()));
    expect(wrongs).toEqual(['I2 units are reserved or sold for an order that does not exist (1: a committed)']);
  });

  it('an order and a reservation that speak of different things', async () => {
    const wrongs = await after(({ reservations: [a] }) => (a.lines = [{ stockId: 'tea', quantity: 1 }]));
    expect(wrongs).toEqual([expect.stringMatching(/^I2 an order and its reservation have different lines/)]);
  });

  it('what is held for nobody', async () => {
    const wrongs = await after(({ stocks: [tea] }) => ([tea.available, tea.reserved] = [5, 3]));
    expect(wrongs[0]).toBe('I2 orders and stock differ on what is held (1: tea orders 2, stock 3)');
  });

  it('a reservation that is ahead of its order, and orders of what there is not', async () => {
    expect(await after(({ reservations: [a] }) => (a.epoch = 1))).toEqual([
      'I2 a reservation is ahead of its order (1: a epoch 0, reservation 1)',
    ]);
    const wrongs = await after(({ orders: [a], reservations: [held] }) => {
      a.items = held.lines = [{ stockId: 'coffee', quantity: 2 }];
    });
    expect(wrongs).toContain('I2 orders name a stock that does not exist (1: coffee)');
  });

  it('no fault in units that were given back of an order that stands', async () => {
    const wrongs = await after((shop) => {
      const [a] = shop.orders;
      [a.status, a.history, a.seq] = ['REFUNDED', historyOf('PENDING', 'CONFIRMED', 'REFUNDED'), 3];
      a.items = [{ stockId: 'tea', quantity: 2, restocked: 1 }];
      shop.reservations[0] = { ...shop.reservations[0], lines: [{ stockId: 'tea', quantity: 1 }] };
      shop.stocks = [{ ...shop.stocks[0], available: 7, sold: 1, version: 5 }];
      const orders = [{ orderId: 'a', quantity: 1 }];
      shop.movements.push({ ...shop.movements[2], version: 5, available: 1, sold: -1, orders });
    });
    expect(wrongs).toEqual([]);
  });

  it('units that were to be given back and were not, unless they are on their way', async () => {
    const change = (outbox: Record<string, Date>) => (shop: PaperShop) => {
      Object.assign(shop.orders[0], { outbox, items: [{ stockId: 'tea', quantity: 2, restocked: 1 }] });
    };
    expect((await after(change({}))).join()).toContain('I2 orders and stock differ on what is sold (1: tea orders 1');
    expect(await after(change({ restock: now }))).toEqual([]);
  });
});

describe('on an open shop the oracle finds no fault in', () => {
  it('an order whose reservation is committed before it is confirmed', async () => {
    const change = ({ orders: [a] }: PaperShop) => {
      [a.status, a.history, a.seq] = ['PENDING', historyOf('PENDING'), 1];
    };
    expect(await after(change)).toEqual([]);
    expect(await after(change, { quiet: true })).toEqual([expect.stringMatching(/^I4 an order has not ended \(1: a /)]);
  });

  it.each([{ compensate: now }, { restock: now }])('an order that still owes: %j', async (outbox) => {
    const change = ({ orders: [a] }: PaperShop) => {
      Object.assign(a, { status: 'CANCELLED', history: historyOf('PENDING', 'CANCELLED'), outbox });
    };
    expect(await after(change)).toEqual([]);
    expect((await after(change, { quiet: true })).join()).toContain('I4 an order still owes something (1: a');
  });

  it('an order that is to be processed again after it was given up', async () => {
    const change = ({ orders: [, b] }: PaperShop) => {
      const history = historyOf('PENDING', 'FAILED', 'PENDING');
      Object.assign(b, { status: 'PENDING', epoch: 2, history, seq: 3 });
    };
    expect(await after(change)).toEqual([]);
  });
});

describe('I3: the oracle finds', () => {
  const all = soundShop().orders.map(({ id, userId, key }) => ({ orderId: id, userId, key }));

  it('no fault where everything that was answered is there', async () => {
    expect(await after(nothing, { answered: all })).toEqual([]);
  });

  it('an order that was answered and is lost', async () => {
    const answered = [...all, { orderId: 'x', userId: 'jo', key: 'key-x' }];
    expect(await after(nothing, { answered })).toEqual(['I3 an order was answered and is lost (1: x)']);
  });

  it('an order that nobody was answered, and one that is somebody else’s', async () => {
    expect(await after(nothing, { answered: all.slice(1) })).toEqual([
      'I3 an order exists that nobody was answered (1: a of user jo)',
    ]);
    const answered = [{ ...all[0], userId: 'di' }, ...all.slice(1)];
    expect((await after(nothing, { answered })).join()).toContain("I3 an order is somebody else's than was answered");
  });

  it('an order that is in the archive and beside it', async () => {
    const wrongs = await after(({ orders }) => orders.splice(1, 0, { ...orders[0] }));
    expect(wrongs).toEqual(['I3 an order is kept twice (1: a)']);
  });

  it('one key that made two orders, and one that was answered with two', async () => {
    const wrongs = await after(({ keys: [a, b] }) => (b.key = a.key));
    expect(wrongs).toEqual(['I3 one key made two orders (1: key-a: a and b)']);
    const answered = all.map((order) => (order.orderId === 'b' ? { ...order, key: 'key-a' } : order));
    expect((await after(nothing, { answered })).join()).toContain('I3 one key was answered with two orders (1: key-a');
  });
});

describe('I4: the oracle finds', () => {
  const given = ({ orders: [, , c] }: PaperShop) => (c.failureCode = 'PROCESSING_FAILED');

  it('an order that was given up without a dead letter', async () => {
    expect(await after(given)).toEqual(['I4 an order was given up without a dead letter (1: c epoch 0)']);
    const buried = (error?: string) => (shop: PaperShop) => {
      given(shop);
      shop.deadLetters.push({ orderId: 'c', epoch: 0, error });
    };
    expect(await after(buried('It was too much'))).toEqual([]);
    expect(await after(buried())).toEqual(['I4 a dead letter has no reason (1: c epoch 0)']);
  });

  it('a dead letter about nobody', async () => {
    const wrongs = await after(({ deadLetters }) => deadLetters.push({ orderId: 'x', epoch: 1, error: 'Gone' }));
    expect(wrongs).toEqual(['I4 a dead letter is about an order that does not exist (1: x epoch 1)']);
  });

  it('an order that was left behind', async () => {
    const change = ({ orders: [, , c] }: PaperShop) => {
      Object.assign(c, { status: 'PENDING', history: historyOf('PENDING'), seq: 1 });
    };
    expect(await after(change)).toEqual([]);
    const later = new Date(now.getTime() + 16 * 60_000);
    expect(await after(change, { now: later })).toEqual([expect.stringMatching(/^I4 an order was left behind \(1: c/)]);
  });
});

describe('I7: the oracle finds', () => {
  it('movements that do not replay to the counters', async () => {
    const wrongs = await after(({ movements }) => (movements[0].available = 9));
    expect(wrongs).toEqual([expect.stringMatching(/^I7 movements do not replay to the counters \(1: tea/)]);
  });

  it.each([
    ['a lost movement', ({ movements }: PaperShop) => movements.splice(2, 1), 'a movement is missing or doubled'],
    [
      'a lost line',
      ({ movements: [, two] }: PaperShop) => two.orders.pop(),
      'a movement is more than its orders moved',
    ],
  ])('%s', async (_what, change, wrong) => expect((await after(change)).join()).toContain(`I7 ${wrong}`));

  it('a version that nobody moved in, and a movement that was written twice', async () => {
    const skipped = await after(({ stocks: [tea], movements }) => {
      tea.version = movements[3].version = 5;
    });
    expect(skipped).toEqual(['I7 a movement is missing or doubled (1: tea 5.0 after version 3)']);
    const doubled = await after(({ movements }) => movements.splice(2, 0, movements[1]));
    expect(doubled.join()).toContain('I7 a movement is missing or doubled (1: tea 2.0 after version 2)');
  });

  it('an order whose units were taken twice, or given back twice', async () => {
    const twice = await after((shop) => {
      shop.stocks = [{ ...shop.stocks[0], available: 4, sold: 4, version: 5 }];
      const orders = [{ orderId: 'a', quantity: 2 }];
      shop.movements.push({ ...shop.movements[1], version: 5, available: -2, sold: 2, orders });
    });
    expect(twice).toEqual([
      'I2 orders and stock differ on what is sold (1: tea orders 2, stock 4)',
      'I7 an order took its units twice (1: order a, stock tea: 2 and 2)',
    ]);
    const back = await after((shop) => shop.movements.push({ ...shop.movements[2], version: 5 }));
    expect(back.join()).toContain('I7 an order gave back what it did not have (1: order b');
  });

  it('movements of nothing, and a stock from nowhere', async () => {
    expect(await after(({ movements }) => movements.push({ ...movements[0], stockId: 'zen' }))).toEqual([
      'I7 movements belong to a stock that does not exist (1: zen)',
    ]);
    const zen = { id: 'zen', available: 0, reserved: 0, sold: 0, received: 0, version: 1 };
    expect(await after(({ stocks }) => stocks.push(zen))).toEqual(['I7 a stock has no movements (1: zen)']);
  });
});
