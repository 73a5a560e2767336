import { auth, revokedKey, SESSION_ENDED, type Caller } from '@suite/contracts';
import { ChatSuite, somebody } from '../support/chat-suite';
import { times } from '../support/client';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { START_MS } from '../support/gateways';
import type { Service } from '../support/service';
import { newId } from '../support/stock';

const keyOf = ({ sessionId }: Caller) => `chat:session:{${sessionId}}`;
const strangerKey = (id: string) => `chat:stranger:{${id}}`;

let suite: ChatSuite;
let replicas: Service[] = [];

/** Other settings for all replicas: none of them may answer by the former ones. */
async function restarted(count: number, settings: NodeJS.ProcessEnv = {}): Promise<void> {
  await Promise.all(replicas.map((replica) => replica.stop()));
  replicas = await Promise.all(times(count).map(() => suite.add(settings)));
}

beforeAll(async () => void (suite = await ChatSuite.start([])), START_MS);
afterAll(() => suite?.stop(...replicas));

describe('what the chatbot remembers', () => {
  beforeAll(() => restarted(2), START_MS);
  beforeEach(() => suite.model.forget());

  const past = async () => (await suite.model.asked())[0].messages.slice(1, -1).map(({ content }) => content);

  it('is the session’s, whichever replica answers', async () => {
    const jo = somebody('Jo Doe');
    const replies: string[] = [];
    for (const word of ['one', 'two', 'three']) replies.push((await suite.say(`Can I cancel ${word}?`, jo)).reply);
    await suite.model.forget();
    await suite.say('Can I cancel four?', jo);
    expect(await past()).toEqual(
      ['one', 'two', 'three'].flatMap((word, i) => [`{"customer_message":"Can I cancel ${word}?"}`, replies[i]]),
    );
  });

  it('is nobody else’s, and not even of another session of the same user', async () => {
    const jo = somebody('Jo Doe');
    await suite.say('Can I cancel my secret?', jo);
    for (const other of [somebody('Max Roe'), { ...jo, sessionId: newId() }, undefined]) {
      await suite.model.forget();
      await suite.say('Can I cancel?', other, { conversationId: jo.sessionId });
      expect(await past()).toEqual([]);
    }
  });

  it('has a bound, in messages and in letters', async () => {
    const jo = somebody('Jo Doe');
    for (let i = 0; i < 12; i++) await suite.say(`${i} cancel ${'x'.repeat(1_900)}`, jo);
    const kept = await suite.wires.redis.lrange(keyOf(jo), 0, -1);
    expect(kept).toHaveLength(8);
    expect(kept.map((text) => (JSON.parse(text) as { message: string }).message.split(' ')[0])).toEqual([
      '4',
      '5',
      '6',
      '7',
      '8',
      '9',
      '10',
      '11',
    ]);
    expect(Math.max(...kept.map((text) => text.length))).toBeLessThan(2_100);
    const ttl = await suite.wires.redis.pttl(keyOf(jo));
    expect(ttl).toBeGreaterThan(29 * 60_000);
    expect(ttl).toBeLessThanOrEqual(30 * 60_000);
  });

  it('ends with the session', async () => {
    const jo = somebody('Jo Doe');
    await suite.say('Can I cancel?', jo);
    expect(await suite.wires.redis.exists(keyOf(jo))).toBe(1);
    await suite.wires.tell(auth.sessionEnded, { sessionId: jo.sessionId, userId: jo.userId });
    await eventually(async () => expect(await suite.wires.redis.exists(keyOf(jo))).toBe(0));
  });

  it('does not come back with a reply that was under way when the session ended', async () => {
    const jo = somebody('Jo Doe');
    await suite.wires.redis.set(revokedKey(jo.sessionId), SESSION_ENDED, 'PX', 60_000);
    await suite.say('Can I cancel?', jo);
    expect(await suite.wires.redis.exists(keyOf(jo))).toBe(0);
  });

  it('of a stranger is found by the id in the last answer', async () => {
    const first = await suite.say('Can I cancel one?');
    expect(first.conversationId).toMatch(/^[0-9a-f]{24}$/);
    await suite.model.forget();
    const second = await suite.say('Can I cancel two?', undefined, { conversationId: first.conversationId });
    expect(second.conversationId).toBe(first.conversationId);
    expect(await past()).toEqual(['{"customer_message":"Can I cancel one?"}', first.reply]);
  });

  it('of a stranger is never where somebody chose it to be: an id that is not known is replaced', async () => {
    const chosen = newId();
    const { conversationId } = await suite.say('Can I cancel one?', undefined, { conversationId: chosen });
    expect(conversationId).not.toBe(chosen);
    expect(await suite.wires.redis.exists(strangerKey(chosen))).toBe(0);
    const jo = somebody('Jo Doe');
    await suite.say('Can I cancel?', jo, { conversationId: conversationId });
    await suite.model.forget();
    await suite.say('Can I cancel two?', undefined, { conversationId });
    expect(await past()).toHaveLength(2);
  });
});

describe('what the chatbot spends in a day', () => {
  const authors = async (count: number, caller?: Caller, address?: string) => {
    const say = () => suite.say('Can I cancel?', caller, address === undefined ? {} : { address });
    const replies = await Promise.all(times(count).map(say));
    return replies.filter(({ author }) => author === 'model').length;
  };

  it('is a number of messages for each user and each network; then rules answer', async () => {
    await restarted(2, { CHATBOT_DAILY_MESSAGES: '3' });
    expect(await authors(10, somebody('Jo Doe'))).toBe(3);
    expect(await authors(10, somebody('Max Roe'))).toBe(3);
    expect(await authors(5, undefined, '192.0.2.1')).toBe(3);
    expect(await authors(5, undefined, '192.0.2.2')).toBe(3);
    expect(await authors(2, undefined, '2001:db8::1')).toBe(2);
    expect(await authors(5, undefined, '2001:db8::ffff')).toBe(1);
    expect((await suite.wires.redis.keys('chat:budget:*')).join()).not.toMatch(/192\.0|2001/);
  });

  it('is a number of tokens, as the model counts them', async () => {
    await restarted(1, { CHATBOT_DAILY_TOKENS: '1000' });
    const jo = somebody('Jo Doe');
    const spent: number[] = [];
    for (let i = 0; i < 4; i++) spent.push(await authors(1, jo));
    expect(spent[0]).toBe(1);
    expect(spent.at(-1)).toBe(0);
    expect(await authors(1, somebody('Max Roe'))).toBe(1);
  });

  it('is bounded for everybody together', async () => {
    await restarted(2, { CHATBOT_SHOP_DAILY_TOKENS: '1' });
    expect(await authors(1, somebody('Jo Doe'))).toBe(0);
    await suite.wires.redis.del(...(await suite.wires.redis.keys('chat:budget:{shop}*')));
    expect(await authors(1, somebody('Max Roe'))).toBe(1);
    expect(await authors(3, somebody('Eve Poe'))).toBe(0);
  });

  it('is counted for whoever watches, and so is who replied', async () => {
    const port = await freePort();
    const watched = { INTERNAL_PORT: String(port), INTERNAL_HOST: '127.0.0.1' };
    await restarted(1, { CHATBOT_DAILY_MESSAGES: '1', ...watched });
    expect(await authors(3, somebody('Ann Lee'))).toBe(1);
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(metrics).toMatch(/^chat_replies_total\{author="model"\} 1$/m);
    expect(metrics).toMatch(/^chat_replies_total\{author="rules"\} 2$/m);
    expect(metrics).toMatch(/^chat_model_tokens_total [1-9]/m);
  });

  it('may be nothing', async () => {
    await restarted(1, { CHATBOT_DAILY_MESSAGES: '0' });
    await suite.model.forget();
    expect(await authors(2, somebody('Jo Doe'))).toBe(0);
    expect(await suite.model.asked()).toEqual([]);
  });
});
