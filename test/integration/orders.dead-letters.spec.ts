import { randomUUID } from 'node:crypto';
import type { Queue } from 'bullmq';
import { DEAD_LETTER_QUEUE, orders, type DeadLetter, type ReplayDeadLetters } from '@suite/contracts';
import { deadOrders, letterOf } from '../support/dead-orders';
import { eventually } from '../support/eventually';
import { OrderSuite } from '../support/orders';
import { expectSound, newId, someAdmin, someCaller } from '../support/stock';
import type { AskOptions } from '../support/wires';

const soon = { RECONCILE_EVERY_MS: '300', RELAY_EVERY_MS: '200', DEAD_LETTER_MAX_REPLAYS: '2' };

describe('the desk of the dead letters', () => {
  let suite: OrderSuite;
  let queue: Queue;
  let board: Queue;
  const asAdmin = (options: AskOptions = {}) => ({ caller: someAdmin, ...options });
  const look = (id: string) => suite.wires.ask(orders.deadLetter, { id }, asAdmin());
  const replay = (id: string, options?: AskOptions) =>
    suite.wires.ask(orders.replayDeadLetter, { id }, asAdmin(options));
  const replayMany = (body: ReplayDeadLetters, options?: AskOptions) =>
    suite.wires.ask(orders.replayDeadLetters, body, asAdmin(options));
  const discard = (id: string, reason = 'Ordered anew') =>
    suite.wires.ask(orders.discardDeadLetter, { id, reason }, asAdmin());
  const shown = async () => (await board.getJobs(['waiting'])).map(({ data }) => (data as DeadLetter).number);
  const letters = () => suite.wires.database('orders').collection('deadLetters');

  beforeAll(async () => {
    suite = await OrderSuite.start('stock');
    // Two replicas of whoever answers and of whoever carries out.
    await Promise.all([suite.add('orders', soon), suite.add('orders', soon)]);
    [queue, board] = [suite.queue(), suite.queue(DEAD_LETTER_QUEUE)];
    await Promise.all([suite.add('processor', soon), suite.add('processor', soon)]);
  });
  afterAll(() => suite?.stop());

  it('shows what died of what, with all that is needed to look into it', async () => {
    const [{ letter, product, mend }] = await deadOrders(suite, queue);
    expect(letter).toMatchObject({
      state: 'open',
      reason: 'STOCK_NOT_FOUND',
      error: expect.stringContaining('STOCK_NOT_FOUND'),
      attempts: 1,
      crashes: 0,
      replays: 0,
      audit: [],
      payload: { orderId: letter.orderId, userId: letter.userId, epoch: 0 },
      requestId: expect.stringMatching(/./),
    });
    const { items } = await suite.wires.ask(orders.deadLetterGroups, {}, asAdmin());
    expect(items.find(({ reason }) => reason === 'STOCK_NOT_FOUND')!.open).toBeGreaterThanOrEqual(1);
    await eventually(async () => expect(await shown()).toContain(letter.number));
    await mend();
    await expectSound(suite.wires.database('stock'), product.stock.id);
  });

  it('replays an order to its end, once, whoever asks again', async () => {
    const [{ letter, product, mend }] = await deadOrders(suite, queue);
    await mend();
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => replay(letter.id)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes.filter(({ status }) => status === 'rejected')) {
      expect((outcome as PromiseRejectedResult).reason).toMatchObject({ code: 'ALREADY_REPLAYED' });
    }
    const order = await suite.ended(letter.orderId);
    expect(order.history.map(({ status, by }) => [status, by])).toEqual([
      ['PENDING', letter.userId],
      ['FAILED', 'reconciler'],
      ['PENDING', someAdmin.userId],
      ['CONFIRMED', 'processor'],
    ]);
    expect(order.failure).toBeUndefined();
    expect(await look(letter.id)).toMatchObject({
      state: 'replayed',
      audit: [{ action: 'replayed', by: someAdmin.userId }],
    });
    await expectSound(suite.wires.database('stock'), product.stock.id);
    await eventually(async () => expect(await shown()).not.toContain(letter.number));
  });

  it('answers a request with the same key as the first time, also at the same moment', async () => {
    const [{ letter, mend }] = await deadOrders(suite, queue);
    await mend();
    const idempotencyKey = randomUUID();
    const answers = await Promise.all(Array.from({ length: 6 }, () => replay(letter.id, { idempotencyKey })));
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(new Set(answers.map((answer) => JSON.stringify(answer.letter))).size).toBe(1);
    await suite.ended(letter.orderId);
    expect((await replay(letter.id, { idempotencyKey })).replayed).toBe(true);
    await expect(replay(letter.id, { idempotencyKey: randomUUID() })).rejects.toMatchObject({
      code: 'ALREADY_REPLAYED',
    });
  });

  it('gives an order that dies again another letter, and no more replays than are allowed', async () => {
    const [{ letter: first, mend }] = await deadOrders(suite, queue);
    await replay(first.id);
    const second = await letterOf(suite, first.orderId);
    expect(second).toMatchObject({ replays: 1, payload: { epoch: 2 } });
    await replay(second.id);
    const third = await letterOf(suite, first.orderId);
    expect(third.replays).toBe(2);
    await expect(replay(third.id)).rejects.toMatchObject({ code: 'REPLAY_LIMIT_REACHED' });
    await mend();
  });

  it('discards with a reason, once, and what is discarded is not replayed', async () => {
    const [{ letter, mend }] = await deadOrders(suite, queue);
    await mend();
    expect(await discard(letter.id)).toMatchObject({
      state: 'discarded',
      audit: [{ action: 'discarded', by: someAdmin.userId, reason: 'Ordered anew' }],
    });
    await expect(discard(letter.id)).rejects.toMatchObject({ code: 'INVALID_TRANSITION' });
    await expect(replay(letter.id)).rejects.toMatchObject({ code: 'INVALID_TRANSITION' });
    expect((await suite.order(letter.orderId)).status).toBe('FAILED');
    await eventually(async () => expect(await shown()).not.toContain(letter.number));
  });

  it('replays many of one cause, oldest first, at most as many as were asked for, and at their pace', async () => {
    await suite.wires.database('orders').collection('deadLetters').deleteMany({});
    const dead = await deadOrders(suite, queue, 8);
    await dead[0].mend();
    await letters().updateOne({ number: dead[7].letter.number }, { $set: { reason: 'OTHER' } });
    const oldest = [...dead.slice(0, 7)].sort(
      (a, b) => a.letter.at.localeCompare(b.letter.at) || (a.letter.id < b.letter.id ? -1 : 1),
    );
    const idempotencyKey = randomUUID();
    const body = { reason: 'STOCK_NOT_FOUND', limit: 5, perSecond: 100 };
    const runs = await Promise.all(Array.from({ length: 4 }, () => replayMany(body, { idempotencyKey })));
    expect(runs.map(({ scheduled }) => scheduled)).toEqual([5, 5, 5, 5]);
    expect(new Set(runs.map(({ id }) => id)).size).toBe(1);
    await expect(replayMany({ ...body, limit: 6 }, { idempotencyKey })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    await eventually(async () => {
      const replayed = await Promise.all(oldest.slice(0, 5).map(({ letter }) => suite.order(letter.orderId)));
      expect(replayed.map(({ status }) => status)).toEqual(replayed.map(() => 'CONFIRMED'));
    });
    const left = await Promise.all([...oldest.slice(5), dead[7]].map(({ letter }) => look(letter.id)));
    expect(left.map(({ state, replayAt }) => [state, replayAt])).toEqual(left.map(() => ['open', undefined]));
    const { audit } = await look(oldest[0].letter.id);
    expect(audit.map(({ action }) => action)).toEqual(['scheduled', 'replayed']);
  });

  it('skips what cannot be replayed any more, and says why', async () => {
    await letters().deleteMany({});
    const [{ letter, mend }] = await deadOrders(suite, queue);
    await mend();
    const history = suite.wires.database('orders').collection('orders');
    await history.updateOne({ number: letter.number }, { $set: { replays: 2 } });
    expect(await replayMany({})).toMatchObject({ scheduled: 1 });
    await eventually(async () =>
      expect((await look(letter.id)).audit.map(({ action, reason = '' }) => [action, reason.split(':')[0]])).toEqual([
        ['scheduled', ''],
        ['skipped', 'REPLAY_LIMIT_REACHED'],
      ]),
    );
    expect(await look(letter.id)).toMatchObject({ state: 'open' });
  });

  it('shows on the board what is open, although Redis was emptied', async () => {
    const [{ letter, mend }] = await deadOrders(suite, queue);
    await mend();
    await eventually(async () => expect(await shown()).toContain(letter.number));
    await suite.wires.redis.flushdb();
    await eventually(async () => expect(await shown()).toContain(letter.number));
  });

  it('is for admins, and knows no letter that is not there', async () => {
    const asUser = { caller: someCaller() };
    await expect(suite.wires.ask(orders.deadLetters, {}, asUser)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(suite.wires.ask(orders.deadLetterGroups, {}, asUser)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(suite.wires.ask(orders.replayDeadLetters, {}, asUser)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    for (const contract of [orders.deadLetter, orders.replayDeadLetter]) {
      await expect(suite.wires.ask(contract, { id: newId() }, asAdmin())).rejects.toMatchObject({
        code: 'DEAD_LETTER_NOT_FOUND',
      });
    }
    await expect(discard(newId())).rejects.toMatchObject({ code: 'DEAD_LETTER_NOT_FOUND' });
  });
});
