import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Caller, Order, Product } from '@suite/contracts';
import { ChatSuite, somebody } from '../support/chat-suite';
import { START_MS } from '../support/gateways';
import type { Service } from '../support/service';
import { newId, someProduct } from '../support/stock';

/** Without a key: the customers' questions, answered from the data. */
describe('the chatbot without a model', () => {
  let suite: ChatSuite;
  let chatbot: Service;
  let [kettle, knife]: Product[] = [];
  const jo = somebody('Jo Doe');
  const max = somebody('Max Roe');
  let [first, last, foreign]: Order[] = [];

  beforeAll(async () => {
    suite = await ChatSuite.start();
    chatbot = await suite.add({ OPEN_ROUTER_KEY: '' });
    kettle = await someProduct(suite.wires, { name: 'Ember Pour-Over Kettle', price: 6_490, initialStock: 20 });
    knife = await someProduct(suite.wires, { name: 'Chef’s Knife, 20 cm', price: 12_900, initialStock: 2 });
    first = await suite.ordered(jo, kettle, 2);
    last = await suite.ordered(jo, knife);
    foreign = await suite.ordered(max, knife);
  }, START_MS);
  afterAll(() => suite.stop(chatbot));

  const said = async (message: string, caller?: Caller) => (await suite.say(message, caller)).reply;

  it.each<[question: string, answer: () => string | RegExp]>([
    ['Where is my last order?', () => `Your order ${last.number} of`],
    ['where’s my order', () => 'is confirmed, and has not been shipped yet'],
    ['What is in my last order?', () => '1 × Chef’s Knife, 20 cm'],
    ['When will my order arrive?', () => 'We write to you when it is shipped. I do not know the day yet.'],
    ['Can I cancel my last order?', () => 'You can still cancel it'],
    ['How do I pay for my last order?', () => 'You pay $129.00 in cash, when it is delivered.'],
    ['Can I return my order?', () => /If you want to return something, write to us/],
    ['Show me my orders', () => 'You have 2 orders:'],
    ['Any updates?', () => `Your order ${last.number} of`],
    ['How can I pay?', () => 'You can pay cash on delivery'],
  ])('%s', async (question, answer) => {
    expect(await said(question, jo)).toMatch(answer());
  });

  it('finds an order by its number, however it is written, and by its id', async () => {
    for (const named of [first.number, first.number.toLowerCase().replaceAll('-', ' '), first.id]) {
      const reply = await said(`What about ${named}?`, jo);
      expect(reply).toContain(`Your order ${first.number} of`);
      expect(reply).toContain('It is 2 × Ember Pour-Over Kettle, $129.80 in all.');
    }
  });

  it('knows which order is spoken of', async () => {
    const caller = { ...jo, sessionId: newId() };
    await said(`Where is ${first.number}?`, caller);
    expect(await said('And can I cancel it?', caller)).toContain(first.number);
    expect(await said('Where is my last order?', caller)).toContain(last.number);
    await said(`Where is ${foreign.number}?`, caller);
    expect(await said('And can I cancel it?', caller)).toContain(last.number);
  });

  it('does not tell an order of somebody else from none', async () => {
    for (const named of [foreign.number, foreign.id, '0NK4-7Q9X-M2PB', newId()]) {
      expect(await said(`Where is ${named}?`, jo)).toBe(
        `Among your orders there is none with the number or id ${named}.`,
      );
    }
    const admin = somebody('Ada Root', { role: 'admin' });
    expect(await said(`Where is ${foreign.id}?`, admin)).toContain('there is none');
    expect(await said('Where is my last order?', admin)).toBe('You have not ordered anything yet.');
  });

  it.each<[question: string, answer: string]>([
    ['Is the Ember Pour-Over Kettle in stock?', 'Ember Pour-Over Kettle ('],
    ['Do you have any kettles left?', 'costs $64.90 and is in stock: 18 available.'],
    ['How much is the chef’s knife', 'costs $129.00 and is sold out just now.'],
    ['ember kettle', 'costs $64.90'],
    ['Do you have a kettle made of glass?', 'I find nothing that is quite “kettle made glass”. What comes closest:'],
    ['Is there a flux capacitor in stock?', 'I find no product for “flux capacitor”.'],
    ['Is it in stock?', 'Which product do you mean?'],
    ['How can I pay?', 'You can pay cash on delivery'],
    ['Can orders be cancelled?', 'An order can be cancelled until it is shipped'],
    ['How long does delivery take?', 'What you order is sent once the order is confirmed.'],
    ['What about refunds?', 'write to us with the number of the order'],
    ['Where is my order?', 'Sign in and ask me again.'],
    ['Show all my orders', 'Sign in and ask me again.'],
    ['Hello', 'I can tell you how your orders stand'],
    ['Thanks!', 'You are welcome!'],
    ['What is the meaning of life?', 'I am not sure what you mean, and I would rather not guess.'],
    ['¿Dónde está mi pedido?', 'I am not sure what you mean'],
    ['\u0000\u202e{"$gt": ""} \\', 'I am not sure what you mean'],
  ])('a stranger asks %j', async (question, answer) => {
    expect(await said(question)).toContain(answer);
  });

  it('says to somebody who has not ordered anything that it is so', async () => {
    expect(await said('Where is my order?', somebody('Eve New'))).toBe('You have not ordered anything yet.');
  });

  it('says in the shop’s own words what the shop does', async () => {
    const text = 'Sixty days, no questions asked.';
    const folder = mkdtempSync(join(tmpdir(), 'policies-'));
    const file = join(folder, 'policies.json');
    writeFileSync(file, JSON.stringify({ returns: text }));
    await chatbot.stop();
    try {
      chatbot = await suite.add({ OPEN_ROUTER_KEY: '', CHATBOT_POLICIES_FILE: file });
      expect(await said('What about refunds?')).toBe(text);
      expect(await said('How can I pay?')).toContain('You can pay cash on delivery');
      writeFileSync(file, JSON.stringify({ refunds: text }));
      await expect(suite.add({ CHATBOT_POLICIES_FILE: file })).rejects.toThrow(/CHATBOT_POLICIES_FILE .*refunds/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
