import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recount, wrongsOf, type Known } from '../support/oracle';
import { anOrder, aPayment, historyOf, now, soundShop, type Order, type PaperShop, type Payment } from './shop';

const say = async (shop: PaperShop, known: Known): Promise<string[]> =>
  wrongsOf(await recount(shop, { now, ...known }));

const captures = [{ id: 'capture-a', amount: 4_000 }];

/** The sound shop, where order `a` was paid for online unless more is said. */
function paidShop(more: Partial<Order> = {}, payment: Partial<Payment> = {}): PaperShop {
  const shop = soundShop();
  shop.orders[0] = anOrder('a', { status: 'CONFIRMED', payment: { method: 'STRIPE', refunded: 0 }, ...more });
  shop.payments.unshift(aPayment('a', { captures, ...payment }));
  return shop;
}
const refundOf = (amount: number) => ({ id: 're_1', key: 'one', amount, state: 'done' });

describe('I5: in what payments has written down the oracle', () => {
  it('finds no fault where what was captured and not refunded is what the order says', async () => {
    expect(await say(paidShop(), { quiet: true })).toEqual([]);
    const refunded = { payment: { method: 'STRIPE', refunded: 1_000 }, refunds: ['one'] };
    expect(await say(paidShop(refunded, { refunds: [refundOf(1_000)] }), {})).toEqual([]);
  });

  it('finds a second capture, and a confirmed order without one', async () => {
    const twice = [...captures, { id: 'again', amount: 4_000 }];
    expect(await say(paidShop({}, { captures: twice }), {})).toEqual([
      'I5 an order was captured more than once (1: a: capture-a, again)',
      'I5 payments has another sum than the order says (1: a CONFIRMED due 4000, captured 8000, refunded 0)',
    ]);
    expect(await say(paidShop({}, { captures: [] }), {})).toEqual([
      'I5 payments has another sum than the order says (1: a CONFIRMED due 4000, captured 0, refunded 0)',
    ]);
  });

  it('finds money that nobody has an order for, or of which too much went back', async () => {
    const shop = paidShop();
    shop.payments.push(aPayment('x', { captures }));
    expect(await say(shop, {})).toEqual(['I5 money was captured for no order (1: capture-a for x)']);
    const tooMuch = paidShop({ refunds: ['one'] }, { refunds: [refundOf(4_001)] });
    expect((await say(tooMuch, {})).join()).toContain('I5 more was refunded than captured');
  });

  it('leaves alone what is still on its way while the shop is open, and not when all is quiet', async () => {
    const onTheirWay = [
      paidShop({ status: 'CANCELLED', history: historyOf('PENDING', 'CANCELLED') }, { due: true }),
      paidShop({ outbox: { refund: now } }, { refunds: [refundOf(500)] }),
      paidShop({}, { refunds: [refundOf(500)] }),
    ];
    for (const shop of onTheirWay) {
      expect((await say(shop, {})).filter((wrong) => wrong.startsWith('I5'))).toEqual([]);
      expect((await say(shop, { quiet: true })).join()).toContain('I5 payments has another sum');
    }
  });
});

describe('I5: with the books of the payment provider the oracle', () => {
  const capture = (orderId: string, amount = 4_000, id = `capture-${orderId}`) => ({ id, orderId, amount });
  const books = (captures: ReturnType<typeof capture>[], refunds: ReturnType<typeof capture>[] = []) => ({
    books: { captures, refunds },
  });

  it('finds no fault in one capture of an order that stands', async () => {
    expect(await say(paidShop(), books([capture('a')]))).toEqual([]);
  });

  it('asks for nothing where the order is paid for at the door', async () => {
    expect(await say(soundShop(), books([]))).toEqual([]);
    expect((await say(soundShop(), books([capture('a')]))).join()).toContain('I5 the provider has another sum');
  });

  it('finds a second capture, even if it was refunded', async () => {
    const twice = [capture('a'), capture('a', 4_000, 'again')];
    expect(await say(paidShop(), books(twice, [capture('a', 4_000, 'refund')]))).toEqual([
      'I5 an order was captured more than once (1: a: capture-a, again)',
    ]);
    expect(await say(paidShop(), books(twice))).toHaveLength(2);
  });

  it('finds a confirmed order that was not paid for, and one that was paid for in part', async () => {
    for (const captures of [[], [capture('a', 3_999)]])
      expect(await say(paidShop(), books(captures))).toEqual([
        expect.stringMatching(/^I5 the provider has another sum than the order says \(1: a CONFIRMED due 4000/),
      ]);
  });

  it('finds money that was captured or refunded for no order', async () => {
    expect(await say(paidShop(), books([capture('a'), capture('x')], [capture('y')]))).toEqual([
      'I5 money was captured for no order (1: capture-x for x)',
      'I5 money was refunded for no order (1: capture-y for y)',
    ]);
  });

  it('finds money that was kept of an order that does not stand', async () => {
    const shop = soundShop();
    expect((await say(shop, books([capture('b')]))).join()).toContain('I5 the provider has another sum');
    expect(await say(shop, books([capture('b')], [capture('b')]))).toEqual([]);
  });

  it('follows refunds in part, and finds more refunded than captured', async () => {
    const order = { payment: { method: 'PAYPAL', refunded: 1_000 }, refunds: ['one'] };
    const shop = paidShop(order, { refunds: [refundOf(1_000)] });
    expect(await say(shop, books([capture('a')], [capture('a', 1_000)]))).toEqual([]);
    expect((await say(shop, books([capture('a')]))).join()).toContain('due 3000, captured 4000, refunded 0');
    expect((await say(shop, books([capture('a')], [capture('a', 5_000)]))).join()).toContain(
      'I5 more was refunded than captured',
    );
  });

  it('asks nothing of an order from before the books begin', async () => {
    const since = (at: number) => ({ books: { since: new Date(at), captures: [], refunds: [] } });
    expect(await say(paidShop(), since(now.getTime() + 1))).toEqual([]);
    expect((await say(paidShop(), since(now.getTime()))).join()).toContain('I5 the provider has another sum');
  });

  it('leaves an order that waits alone while the shop is open, and not when all is quiet', async () => {
    const shop = soundShop();
    expect(await say(shop, books([capture('d')]))).toEqual([]);
    expect((await say(shop, { quiet: true, ...books([capture('d')]) })).join()).toContain('d AWAITING_PAYMENT due 0');
  });
});

describe('I6: the oracle', () => {
  const [one, two, nobody] = ['a', 'b', 'f'].map((digit) => digit.repeat(24));
  const shop = () => {
    const confirmed = anOrder(one, { number: '0NK4-7Q9X-AAAA', status: 'CONFIRMED' });
    const history = historyOf('PENDING', 'CONFIRMED', 'CANCELLED');
    const cancelled = anOrder(two, { number: '0NK4-7Q9X-BBBB', status: 'CANCELLED', history });
    const shop = soundShop();
    const [line] = shop.reservations;
    const renamed = { ...shop, orders: [confirmed, cancelled], reservations: [{ ...line, id: one }], keys: [] };
    const stocks = [{ ...shop.stocks[0], available: 8, reserved: 0, version: 3 }];
    return { ...renamed, stocks, movements: shop.movements.slice(0, 3) };
  };
  const mail = (orderId: string, seq: number, subject = 'Your order') => ({
    messageId: `<${orderId}=2e${seq}@shop.example>`,
    subject,
  });
  const fine = [mail(one, 2), mail(two, 2), mail(two, 3)];

  it('finds no fault in one mail for each thing that happened, delivered once or more', async () => {
    expect(await say(shop(), { quiet: true, inbox: [...fine, fine[0]] })).toEqual([]);
  });

  it('finds a mail whose repetition nobody would recognise, and one that is missing when all is quiet', async () => {
    const other = { messageId: '<drawn@shop.example>', subject: 'Your order 0NK4-7Q9X-AAAA is confirmed' };
    expect(await say(shop(), { inbox: [...fine, other] })).toEqual([
      `I6 a repetition of this mail could not be recognised (1: ${other.subject})`,
    ]);
    expect(await say(shop(), { inbox: [] })).toEqual([]);
    expect(await say(shop(), { quiet: true, inbox: fine.slice(1) })).toEqual([
      `I6 a confirmed order has no mail (1: ${one}.2)`,
    ]);
  });

  it('finds a mail of what did not happen, or to no order, and does not mind mails about something else', async () => {
    const welcome = { messageId: '<w@shop.example>', subject: 'Please confirm your e-mail address' };
    expect(await say(shop(), { inbox: [...fine, welcome, mail(one, 3), mail(nobody, 2)] })).toEqual([
      `I6 a mail tells of what did not happen (1: ${one}.3)`,
      `I6 a mail is about no order (1: ${nobody})`,
    ]);
  });

  it('finds a history with a gap, and one that went a way that there is not', async () => {
    const shop = soundShop();
    shop.orders[0].history[1].seq = 3;
    expect(await say(shop, {})).toEqual(['I6 a history has a gap or a double (1: a seq 2, entries 1,3)']);
    for (const statuses of [['CONFIRMED'], ['PENDING', 'CONFIRMED', 'PENDING', 'CONFIRMED'], ['PENDING', 'FAILED']]) {
      const history = historyOf(...statuses);
      Object.assign(shop.orders[0], { history, seq: history.length });
      expect(await say(shop, {})).toEqual([
        `I6 a history went a way that there is not (1: a CONFIRMED: ${statuses.join()})`,
      ]);
    }
  });

  it('finds that somebody saw an order go back, and not that something was seen twice', async () => {
    const seen = (...seqs: number[]) => ({ sightings: seqs.map((seq) => ({ orderId: 'a', seq })) });
    expect(await say(soundShop(), seen(1, 1, 2, 2))).toEqual([]);
    expect(await say(soundShop(), seen(1, 2, 1))).toEqual(['I6 somebody saw an order go back (1: a from 2 to 1)']);
  });
});

describe('I8: in logs the oracle', () => {
  const folder = mkdtempSync(join(tmpdir(), 'oracle-'));
  const file = join(folder, 'combined.log');
  const read = (text: string) => {
    writeFileSync(file, text);
    return say(soundShop(), { logs: { files: [file], secrets: ['Corr3ct-horse!'] } });
  };
  afterAll(() => rmSync(folder, { recursive: true }));

  it('finds no fault in what a shop has to say', async () => {
    expect(await read('{"level":"warn","message":"Redis is away"}\n{"message":"login","token":"[hidden]"}\n')).toEqual(
      [],
    );
  });

  it.each([
    ['a signed token', `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.${'x'.repeat(20)}`],
    ['a hash', `$2b$04$${'x'.repeat(53)}`],
    ['a password of the run', 'Corr3ct-horse!'],
  ])('finds %s, and does not repeat it', async (_what, secret) => {
    expect(await read(`fine\n{"message":"${secret}"}\n`)).toEqual(['I8 a secret is in a log (1: combined.log:2)']);
  });

  it('finds an error that nobody caught', async () => {
    expect(await read('Unhandled rejection: Error: no\n')).toEqual([
      expect.stringMatching(/^I8 an error was caught by nobody \(1: combined.log:1/),
    ]);
  });
});
