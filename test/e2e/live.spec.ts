import { newCustomer, newProduct, placeOrder, settled, signIn, theAdmin, type Customer } from '../support/builders';
import { anonymous, BASE_URL, cookieOf, each, times } from '../support/client';
import { eventually } from '../support/eventually';
import { EventStream, Listener } from '../support/live';
import { killAndAwait, suiteProcesses } from '../support/processes';
import { expectRefusal, NO_ID } from '../support/refusals';
import type { OrderView } from '../support/views';

jest.setTimeout(180_000);

const gateways = () => suiteProcesses().filter(({ name }) => name === 'gateway');
const urlOf = ({ port }: { port?: number }) => `http://127.0.0.1:${port}`;

describe('whoever listens', () => {
  const open: { close(): void }[] = [];
  const listen = async (who: Customer, auth: object = {}, options: { url?: string } = {}) => {
    const listener = await Listener.connect({ token: who.token, ...auth }, options);
    open.push(listener);
    return listener;
  };
  afterEach(() => open.splice(0).forEach((one) => one.close()));

  it('hears of own orders, step by step, and of nobody else’s', async () => {
    const [jo, max] = [await newCustomer(), await newCustomer()];
    const tea = await newProduct();
    const [hers, his] = [await listen(jo), await listen(max)];
    const order = await placeOrder(jo, tea);
    await settled(jo, order.id);
    await eventually(() => expect(hers.seqsOf(order.id)).toEqual([1, 2]));
    expect(hers.events).toEqual([
      {
        ...{ id: `${order.id}.1`, orderId: order.id, number: order.number, seq: 1, kind: 'status' },
        ...{ status: 'PENDING', at: expect.any(String) as string },
      },
      {
        ...{ id: `${order.id}.2`, orderId: order.id, number: order.number, seq: 2, kind: 'status' },
        ...{ status: 'CONFIRMED', previousStatus: 'PENDING', at: expect.any(String) as string },
      },
    ]);
    await placeOrder(max, tea);
    await eventually(() => expect(his.events).toHaveLength(2));
    expect(his.events.map(({ orderId }) => orderId)).not.toContain(order.id);
    expect(hers.events).toHaveLength(2);
  });

  it('at any gateway hears the same, in the same order', async () => {
    const jo = await newCustomer();
    const tea = await newProduct();
    const listeners = await each(gateways(), 2, (gateway) => listen(jo, {}, { url: urlOf(gateway) }));
    expect(listeners.length).toBeGreaterThan(1);
    const orders = await each(times(20), 4, () => placeOrder(jo, tea));
    for (const listener of listeners) {
      await eventually(() => expect(listener.events).toHaveLength(40));
      for (const { id } of orders) expect(listener.seqsOf(id)).toEqual([1, 2]);
    }
    expect(listeners[0].events).toEqual(listeners[1].events);
  });

  it('as an admin hears of all orders, and how the queue stands', async () => {
    const admin = await listen(await theAdmin());
    const jo = await newCustomer();
    const order = await placeOrder(jo, await newProduct());
    await eventually(() =>
      expect(admin.heard('admin.order.updated')).toEqual(
        expect.arrayContaining([expect.objectContaining({ orderId: order.id, userId: jo.id, status: 'CONFIRMED' })]),
      ),
    );
    await eventually(() => expect(admin.heard('admin.metrics').length).toBeGreaterThan(0));
    expect(admin.heard('admin.metrics')[0]).toEqual({
      at: expect.any(String) as string,
      lanes: [
        { lane: 'standard', waiting: expect.any(Number) as number },
        { lane: 'vip', waiting: expect.any(Number) as number },
      ],
      active: expect.any(Number) as number,
      delayed: expect.any(Number) as number,
      accepted: expect.any(Number) as number,
      confirmed: expect.any(Number) as number,
    });
  });

  it('and was cut off has all that was missed, once and in order', async () => {
    const jo = await newCustomer();
    const tea = await newProduct();
    const before = await listen(jo);
    const first = await placeOrder(jo, tea);
    await eventually(() => expect(before.seqsOf(first.id)).toEqual([1, 2]));
    before.close();
    const missed = await each(times(10), 4, () => placeOrder(jo, tea));
    for (const { id } of missed) await settled(jo, id);
    await jo.post(`/orders/${first.id}/cancel`);
    const after = await listen(jo, { lastEventId: before.lastEventId });
    const next = await placeOrder(jo, tea);
    await eventually(() => expect(after.seqsOf(next.id)).toEqual([1, 2]));
    for (const { id } of missed) expect(after.seqsOf(id)).toEqual([1, 2]);
    expect(after.seqsOf(first.id)).toEqual([3]);
  });

  it('hears on although processes die, and never of a step back', async () => {
    const jo = await newCustomer();
    const tea = await newProduct({ stock: 1_000 });
    const listener = await listen(jo, {}, { url: urlOf(gateways()[1]) });
    const placing = each(times(60), 4, () => placeOrder(jo, tea));
    await killAndAwait(suiteProcesses().find(({ name }) => name === 'notifications')!.label);
    const orders = await placing;
    for (const { id } of orders) await settled(jo, id, 30_000);
    await eventually(
      () => {
        for (const { id } of orders) expect(listener.seqsOf(id)).toEqual([1, 2]);
      },
      { timeoutMs: 30_000 },
    );
  });

  it('is let in with a token or a cookie from the shop’s own pages, and not otherwise', async () => {
    const jo = await newCustomer();
    const cookie = cookieOf(jo.cookies);
    expect(await Listener.refused({})).toMatchObject({ code: 'UNAUTHORIZED' });
    expect(await Listener.refused({ token: 'nonsense' })).toMatchObject({ code: 'UNAUTHORIZED' });
    expect(await Listener.refused({ token: { $ne: '' } })).toMatchObject({ code: 'UNAUTHORIZED' });
    expect(await Listener.refused({ token: jo.token, lastEventId: { $gt: '' } })).toMatchObject({
      code: 'VALIDATION_FAILED',
    });
    const origins = [undefined, 'https://evil.example', 'null'];
    for (const origin of origins) {
      const refusal = await Listener.refused({}, { headers: { cookie, ...(origin && { origin }) } });
      expect(refusal).toMatchObject({ code: 'CSRF_REJECTED' });
    }
    open.push(await Listener.connect({}, { headers: { cookie, origin: BASE_URL } }));
  });

  it('is sent away when the session ends', async () => {
    const jo = await newCustomer();
    const again = await signIn(jo.email, jo.password);
    const [ended, other] = [await listen(jo), await listen(again)];
    expect((await jo.post('/auth/logout')).status).toBe(200);
    await eventually(() => expect(ended.socket.connected).toBe(false));
    expect(ended.heard('session.ended')).toEqual([{ code: 'UNAUTHORIZED' }]);
    expect(other.socket.connected).toBe(true);
    expect(await Listener.refused({ token: jo.token })).toMatchObject({ code: 'UNAUTHORIZED' });
  });

  it('stays with a new token of its own, and of nobody else', async () => {
    const [jo, max] = [await newCustomer(), await newCustomer()];
    const listener = await listen(jo);
    const renew = (token: unknown) => listener.socket.timeout(5_000).emitWithAck('session.renew', { token });
    expect(await renew(max.token)).toEqual({ code: 'UNAUTHORIZED' });
    expect(await renew(42)).toEqual({ code: 'UNAUTHORIZED' });
    expect(await renew((await signIn(jo.email, jo.password)).token)).toEqual({ status: 'success' });
  });

  it('hears nothing of others once its admin is none any more, though it has a new token', async () => {
    const [admin, max] = [await theAdmin(), await newCustomer()];
    await admin.patch(`/users/${max.id}`, { role: 'admin' });
    const promoted = await signIn(max.email, max.password);
    const listener = await listen(promoted);
    await eventually(() => expect(listener.heard('admin.metrics')).not.toEqual([]));
    await admin.patch(`/users/${max.id}`, { role: 'user' });
    const { token } = await signIn(max.email, max.password);
    listener.socket.emit('session.renew', { token });
    await eventually(() => expect(listener.heard('session.ended')).toEqual([{ code: 'UNAUTHORIZED' }]));
    expect(listener.socket.connected).toBe(false);
  });

  it('is sent away when it talks too much, and let in only so often', async () => {
    const jo = await newCustomer();
    const loud = await listen(jo);
    for (let i = 0; i < 50; i++) loud.socket.emit('anything', i);
    await eventually(() => expect(loud.socket.connected).toBe(false));
    const long = await listen(jo);
    long.socket.emit('anything', 'x'.repeat(20_000));
    await eventually(() => expect(long.socket.connected).toBe(false));
    const listeners = await each(times(20), 5, () => listen(jo));
    expect(await Listener.refused({ token: jo.token })).toMatchObject({ code: 'RATE_LIMITED' });
    listeners[0].close();
    await eventually(() => listen(jo));
  });

  it('without sockets follows an order by server-sent events', async () => {
    const [jo, max] = [await newCustomer(), await newCustomer()];
    const order = await placeOrder(jo, await newProduct());
    const path = `/orders/${order.id}/events`;
    const stream = await EventStream.open(path, { token: jo.token });
    open.push(stream);
    expect(stream.status).toBe(200);
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    await eventually(() => expect(stream.events.map(({ id }) => id)).toEqual([`${order.id}.1`, `${order.id}.2`]));
    expect(stream.events[1]).toMatchObject({ event: 'order.updated', data: { seq: 2, status: 'CONFIRMED' } });
    await jo.post<OrderView>(`/orders/${order.id}/cancel`);
    await eventually(() => expect(stream.events).toHaveLength(3));
    const later = await EventStream.open(path, { token: jo.token, headers: { 'last-event-id': `${order.id}.2` } });
    open.push(later);
    await eventually(() => expect(later.events.map(({ id }) => id)).toEqual([`${order.id}.3`]));
    await jo.post('/auth/logout');
    await eventually(() => expect(later.ended).toBe(true));
    expectRefusal(await max.get(path), '404 ORDER_NOT_FOUND');
    expectRefusal(await anonymous.get(path), '401 UNAUTHORIZED');
    expectRefusal(await max.get(`/orders/${NO_ID}/events`), '404 ORDER_NOT_FOUND');
    expectRefusal(await max.get('/orders/42/events'), '400 VALIDATION_FAILED');
    expectRefusal(await max.get(path, { headers: { 'last-event-id': 'a b' } }), '400 VALIDATION_FAILED');
  });
});
