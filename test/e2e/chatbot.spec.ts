import { newCustomer, newProduct, placeOrder, settled, unique, type Customer } from '../support/builders';
import { anonymous, type Client } from '../support/client';
import { eventually } from '../support/eventually';
import { EventStream } from '../support/live';
import { ScriptedModel } from '../support/model';
import { frozen, killAndAwait } from '../support/processes';
import type { ChatView, OrderView, ProductView } from '../support/views';

jest.setTimeout(60_000);

const model = new ScriptedModel();

const ask = async (who: Client, message: string, more: object = {}): Promise<ChatView> => {
  const { status, body } = await who.post('/chatbot', { message, ...more }, { timeout: 12_000 });
  expect([status, Object.keys(body as object)[0]]).toEqual([200, 'reply']);
  return body as ChatView;
};

describe('the assistant', () => {
  let jo: Customer;
  let tea: ProductView;
  let order: OrderView;

  beforeAll(async () => {
    jo = await newCustomer({ name: `Jo ${unique()}` });
    tea = await newProduct({ stock: 10 });
    order = await settled(jo, (await placeOrder(jo, tea, 2)).id);
  });
  beforeEach(() => model.forget());
  afterEach(() => model.be('helpful'));

  it('tells a customer how the last order stands, and what was said before is known', async () => {
    expect((await ask(jo, 'Where is my last order?')).reply).toContain(`${order.number} is confirmed: 2 × ${tea.name}`);
    expect((await ask(jo, 'And has it been paid?')).reply).toContain(order.number);
    expect(await model.heard()).not.toContain(jo.email);
  });

  it('tells a stranger what is in stock, and asks whoever wants more to sign in', async () => {
    const first = await ask(anonymous, `Is there ${tea.name} in stock?`);
    expect(first.reply).toContain('8 in stock at $19.99');
    expect((await ask(anonymous, `Where is order ${order.number}?`)).reply).toContain('signed in');
    const { conversationId } = await ask(anonymous, 'Can I cancel?', { conversationId: first.conversationId });
    expect(conversationId).toBe(first.conversationId);
  });

  it('tells nobody of the orders of somebody else', async () => {
    const max = await newCustomer();
    for (const named of [order.number, order.id]) {
      const { reply } = await ask(max, `Where is order ${named}?`);
      expect(reply).not.toContain(tea.name);
      expect(reply).toMatch(/none|not ordered anything/);
    }
  });

  it('says its words while it is writing, to whoever reads along', async () => {
    const stream = await EventStream.open('/chatbot', {
      token: jo.token,
      body: { message: 'Where is my last order?' },
    });
    await eventually(() => expect(stream.ended).toBe(true));
    expect([stream.status, stream.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    const words = stream.events.filter(({ event }) => event === 'reply.words').map(({ data }) => (data as Words).text);
    const last = stream.events.at(-1)!;
    expect(last).toMatchObject({ event: 'reply', data: { reply: words.join('') } });
    expect(words.length).toBeGreaterThan(1);
    expect((last.data as ChatView).reply).toContain(order.number);
  });

  it.each(['fail', 'hang'])('answers from the data when its model does this: %s', async (manner) => {
    await model.be(manner);
    const [asked, placed] = await Promise.all([
      ask(jo, 'Where is my last order?'),
      placeOrder(await newCustomer(), tea),
    ]);
    expect(asked.reply).toContain(`Your order ${order.number} of`);
    expect(placed.status).toBe('PENDING');
    const stream = await EventStream.open('/chatbot', { token: jo.token, body: { message: 'Is my last order paid?' } });
    await eventually(() => expect(stream.ended).toBe(true), { timeoutMs: 12_000 });
    expect(stream.events.map(({ event }) => event)).toEqual(['reply']);
  });

  it('is answered by another replica when one dies over it', async () => {
    const asking = Array.from({ length: 8 }, () => ask(jo, 'Where is my last order?'));
    await killAndAwait('chatbot-1');
    for (const { reply } of await Promise.all(asking)) expect(reply).toContain(order.number);
  });

  it('may be away, and the shop goes on', async () => {
    await frozen('chatbot', async () => {
      const [asked, ready, placed] = await Promise.all([
        anonymous.post('/chatbot', { message: 'Hello' }, { timeout: 12_000 }),
        anonymous.get('/health/ready'),
        placeOrder(jo, tea),
      ]);
      expect([asked.status, asked.code]).toEqual([504, 'TIMEOUT']);
      expect(ready.status).toBe(200);
      expect(await settled(jo, placed.id)).toMatchObject({ status: 'CONFIRMED' });
    });
    await eventually(async () => expect((await anonymous.get('/health')).status).toBe(200));
  });

  it.each<[what: string, body: object, path: string]>([
    ['no message', {}, 'message'],
    ['an empty one', { message: '' }, 'message'],
    ['one that is too long', { message: 'x'.repeat(2_001) }, 'message'],
    ['one that is no text', { message: 42 }, 'message'],
    ['a conversation that is none', { message: 'Hi', conversationId: '1' }, 'conversationId'],
    ['somebody else to be', { message: 'Hi', userId: 'f'.repeat(24) }, 'userId'],
    ['a place to count for it', { message: 'Hi', address: '192.0.2.1' }, 'address'],
  ])('refuses %s', async (_what, body, path) => {
    const reply = await anonymous.post<{ errors: { path: string }[] }>('/chatbot', body);
    expect([reply.status, reply.code, reply.data.errors[0].path]).toEqual([400, 'VALIDATION_FAILED', path]);
  });

  it('takes the longest message, and one of signs that are no letters', async () => {
    for (const message of ['x'.repeat(2_000), '🫖', '\u0000\u202e', ' ']) {
      expect((await ask(anonymous, message)).reply).not.toBe('');
    }
  });

  it('forgets what was said in a session that ends', async () => {
    const eve = await newCustomer();
    await ask(eve, 'Can I cancel my secret?');
    expect((await eve.post('/auth/logout')).status).toBe(200);
    const refused = await eve.post('/chatbot', { message: 'Hi' });
    expect([refused.status, refused.code]).toEqual([401, 'UNAUTHORIZED']);
  });
});

interface Words {
  text: string;
}
