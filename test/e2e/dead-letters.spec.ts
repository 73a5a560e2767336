import { newCustomer, settled, stockOf, theAdmin, unique } from '../support/builders';
import { anonymous } from '../support/client';
import { eventually } from '../support/eventually';
import { expectRefusal, INVALID, NO_ID } from '../support/refusals';
import { deadOrder, letterOf } from '../support/vanishing-stock';
import type { AuditView, DeadLetterGroupView, DeadLetterView, OrderView, ReplayRunView } from '../support/views';

jest.setTimeout(120_000);

describe('an admin at the desk of the dead letters', () => {
  it('sees what died of what, mends it, replays the order, and the customer has it', async () => {
    const admin = await theAdmin();
    const dead = await deadOrder();
    expect(dead.order).toMatchObject({ status: 'FAILED', failure: { code: 'PROCESSING_FAILED' } });
    const letter = await letterOf(dead);
    expect(letter).toMatchObject({
      number: dead.order.number,
      reason: 'STOCK_NOT_FOUND',
      attempts: 1,
      crashes: 0,
      state: 'open',
      replays: 0,
      audit: [],
      payload: { orderId: dead.order.id, userId: dead.jo.id, epoch: 0 },
    });
    expect(letter.requestId).toMatch(/./);
    expect((await admin.get<DeadLetterView>(`/admin/dlq/${letter.id}`)).data).toEqual(letter);
    const groups = (await admin.get<DeadLetterGroupView[]>('/admin/dlq/reasons')).data;
    expect(groups.find(({ reason }) => reason === 'STOCK_NOT_FOUND')!.open).toBeGreaterThanOrEqual(1);

    await dead.mend();
    const replay = await admin.post<DeadLetterView>(`/admin/dlq/${letter.id}/replay`);
    expect([replay.status, replay.data.state]).toEqual([200, 'replayed']);
    const order = await settled(dead.jo, dead.order.id);
    expect(order.history.map(({ status }) => status)).toEqual(['PENDING', 'FAILED', 'PENDING', 'CONFIRMED']);
    expect(order.failure).toBeUndefined();
    expectRefusal(await admin.post(`/admin/dlq/${letter.id}/replay`), '409 ALREADY_REPLAYED');
    expectRefusal(await admin.delete(`/admin/dlq/${letter.id}`, { body: { reason: 'late' } }), '409 ALREADY_REPLAYED');
    await eventually(async () => expect(await stockOf(dead.tea)).toMatchObject({ available: 99, reserved: 0 }));
    expect((await admin.get<AuditView>('/admin/audit')).data.sound).toBe(true);
  });

  it('discards one, with a reason, and finds it again among the discarded', async () => {
    const admin = await theAdmin();
    const dead = await deadOrder();
    await dead.mend();
    const letter = await letterOf(dead);
    const path = `/admin/dlq/${letter.id}`;
    expectRefusal(await admin.delete(path), INVALID);
    expectRefusal(await admin.delete(path, { body: { reason: '' } }), INVALID);
    const discarded = await admin.delete<DeadLetterView>(path, { body: { reason: 'Jo has ordered anew' } });
    expect([discarded.status, discarded.data.state]).toEqual([200, 'discarded']);
    expect(discarded.data.audit).toMatchObject([{ action: 'discarded', by: admin.id, reason: 'Jo has ordered anew' }]);
    expectRefusal(await admin.delete(path, { body: { reason: 'again' } }), '409 INVALID_TRANSITION');
    expectRefusal(await admin.post(`${path}/replay`), '409 INVALID_TRANSITION');
    const { data } = await admin.get<DeadLetterView[]>('/admin/dlq?state=discarded&reason=STOCK_NOT_FOUND');
    expect(data.map(({ id }) => id)).toContain(letter.id);
    expect((await dead.jo.get<OrderView>(`/orders/${dead.order.id}`)).data.status).toBe('FAILED');
  });

  it('replays many at a pace, and the same request again is the same replay', async () => {
    const admin = await theAdmin();
    const dead = [await deadOrder(), await deadOrder()];
    for (const one of dead) {
      await one.mend();
      await letterOf(one);
    }
    const body = { reason: 'STOCK_NOT_FOUND', limit: 100, perSecond: 20 };
    const idempotencyKey = unique();
    const first = await admin.post<ReplayRunView>('/admin/dlq/replay', body, { idempotencyKey });
    expect(first.status).toBe(202);
    expect(first.data.scheduled).toBeGreaterThanOrEqual(2);
    const again = await admin.post<ReplayRunView>('/admin/dlq/replay', body, { idempotencyKey });
    expect([again.status, again.data]).toEqual([202, first.data]);
    expect(again.headers['idempotency-replayed']).toBe('true');
    const other = await admin.post('/admin/dlq/replay', { ...body, limit: 1 }, { idempotencyKey });
    expectRefusal(other, '422 IDEMPOTENCY_KEY_REUSED');
    await eventually(
      async () => {
        for (const { jo, order } of dead) {
          expect((await jo.get<OrderView>(`/orders/${order.id}`)).data.status).toBe('CONFIRMED');
        }
      },
      { timeoutMs: 20_000 },
    );
    expect((await admin.post<ReplayRunView>('/admin/dlq/replay', body)).data).toMatchObject({ scheduled: 0 });
  });

  it('is refused what makes no sense, and customers are refused everything', async () => {
    const admin = await theAdmin();
    for (const query of ['state=closed', 'limit=0', 'limit=101', 'page=0', 'cursor=x', 'q=tea', 'reason=']) {
      expectRefusal(await admin.get(`/admin/dlq?${query}`), INVALID);
    }
    for (const body of [{ limit: 0 }, { limit: 1_001 }, { perSecond: 101 }, { limit: '5' }, { cause: 'x' }]) {
      expectRefusal(await admin.post('/admin/dlq/replay', body), INVALID);
    }
    expectRefusal(await admin.get(`/admin/dlq/${NO_ID}`), '404 DEAD_LETTER_NOT_FOUND');
    expectRefusal(await admin.post(`/admin/dlq/${NO_ID}/replay`), '404 DEAD_LETTER_NOT_FOUND');
    expectRefusal(await admin.delete(`/admin/dlq/${NO_ID}`, { body: { reason: 'x' } }), '404 DEAD_LETTER_NOT_FOUND');
    expectRefusal(await admin.get('/admin/dlq/42'), INVALID);
    const jo = await newCustomer();
    for (const [who, refusal] of [
      [anonymous, '401 UNAUTHORIZED'],
      [jo, '403 FORBIDDEN'],
    ] as const) {
      for (const path of ['/admin/dlq', '/admin/dlq/reasons', `/admin/dlq/${NO_ID}`, '/admin/audit']) {
        expectRefusal(await who.get(path), refusal);
      }
      expectRefusal(await who.post('/admin/dlq/replay', {}), refusal);
      expectRefusal(await who.post(`/admin/dlq/${NO_ID}/replay`), refusal);
      expectRefusal(await who.delete(`/admin/dlq/${NO_ID}`, { body: { reason: 'x' } }), refusal);
    }
  });
});
