import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recount, wrongsOf, type Known } from '../support/oracle';
import { anOrder, historyOf, now, soundShop, type Order, type PaperShop } from './shop';

const say = async (shop: PaperShop, known: Known): Promise<string[]> =>
  wrongsOf(await recount(shop, { now, ...known }));

/** The sound shop, where order `a` was paid for online unless more is said. */
function paidShop(more: Partial<Order> = {}): PaperShop {
  const shop = soundShop();
  shop.orders[0] = anOrder('a', { status: 'CONFIRMED', payment: { method: 'STRIPE', refunded: 0 }, ...more });
  return shop;
}

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
    const shop = paidShop({ payment: { method: 'PAYPAL', refunded: 1_000 } });
    expect(await say(shop, books([capture('a')], [capture('a', 1_000)]))).toEqual([]);
    expect((await say(shop, books([capture('a')]))).join()).toContain('due 3000, captured 4000, refunded 0');
    expect((await say(shop, books([capture('a')], [capture('a', 5_000)]))).join()).toContain(
      'I5 more was refunded than captured',
    );
  });

  it('leaves an order that waits alone while the shop is open, and not when all is quiet', async () => {
    const shop = soundShop();
    expect(await say(shop, books([capture('d')]))).toEqual([]);
    expect((await say(shop, { quiet: true, ...books([capture('d')]) })).join()).toContain('d AWAITING_PAYMENT due 0');
  });
});

describe('I6: the oracle', () => {
  const [a, b] = soundShop().orders;
  const mail = ({ number }: Order, messageId: string, what = 'is confirmed') => ({
    messageId,
    subject: `Your order ${number} ${what}`,
  });
  const fine = [mail(a, 'a.2'), mail(b, 'b.2'), mail(b, 'b.3', 'is cancelled')];

  it('finds no fault in one mail for each thing that happened, delivered once or more', async () => {
    expect(await say(soundShop(), { quiet: true, inbox: [...fine, fine[0]] })).toEqual([]);
  });

  it('finds a mail that was sent twice, and one that is missing when all is quiet', async () => {
    expect(await say(soundShop(), { inbox: [...fine, mail(a, 'another')] })).toEqual([
      `I6 a mail was sent twice (1: a: Your order ${a.number} is confirmed)`,
    ]);
    expect(await say(soundShop(), { inbox: [] })).toEqual([]);
    expect(await say(soundShop(), { quiet: true, inbox: fine.slice(1) })).toEqual([
      `I6 a confirmed order has no mail (1: a ${a.number})`,
    ]);
  });

  it('finds a mail about no order, and does not mind mails about something else', async () => {
    const welcome = { messageId: 'w', subject: 'Please confirm your e-mail address' };
    const inbox = [...fine, welcome, mail(anOrder('x'), 'x.2')];
    expect(await say(soundShop(), { inbox })).toEqual([`I6 a mail is about no order (1: ${anOrder('x').number})`]);
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
