import { Ajv2020 } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { newCustomer, newProduct, placeOrder, theAdmin } from '../support/builders';
import { anonymous, each, times } from '../support/client';
import { eventually } from '../support/eventually';
import { Listener } from '../support/live';
import { suiteProcesses } from '../support/processes';

jest.setTimeout(240_000);

const PEOPLE = 100;
const SOCKETS_EACH = 2;
const ORDERS_EACH = 5;
/** So many are cut off in the middle, and come back when all is over. */
const CUT_OFF = 20;

describe('a crowd that listens', () => {
  const listeners: Listener[] = [];
  afterAll(() => listeners.forEach((listener) => listener.close()));

  it('hears every event of own orders at two gateways and none of others’, also who was cut off', async () => {
    const tea = await newProduct({ stock: 10_000 });
    const people = await each(times(PEOPLE), 8, () => newCustomer());
    const gateways = suiteProcesses().filter(({ name }) => name === 'gateway');
    expect(gateways.length).toBeGreaterThan(1);
    const open = async (index: number, auth: object = {}) => {
      // The sockets of one person are at different gateways.
      const url = `http://127.0.0.1:${gateways[Math.floor(index / PEOPLE) % gateways.length].port}`;
      const listener = await Listener.connect({ token: people[index % PEOPLE].token, ...auth }, { url });
      listeners.push(listener);
      return listener;
    };
    const crowd = await each(times(PEOPLE * SOCKETS_EACH), 16, (index) => open(index));

    const early = await each(people, 16, (person) => placeOrder(person, tea));
    const gone = times(CUT_OFF);
    for (const index of gone) {
      await eventually(() => expect(crowd[index].seqsOf(early[index].id).length).toBeGreaterThan(0));
      crowd[index].close();
    }
    const later = await each(times(PEOPLE * (ORDERS_EACH - 1)), 16, (i) => placeOrder(people[i % PEOPLE], tea));
    const ordersOf = (index: number) =>
      [...early, ...later].filter(({ userId }) => userId === people[index % PEOPLE].id).map(({ id }) => id);

    const back = await each(gone, 8, (index) => open(index, { lastEventId: crowd[index].lastEventId }));
    await eventually(
      () => {
        for (const [index, listener] of crowd.entries()) {
          const before = gone.includes(index) ? listener.events : [];
          const now = gone.includes(index) ? back[index] : listener;
          const heard = [...before, ...now.events];
          const own = ordersOf(index);
          for (const id of own) {
            const seqs = heard.filter(({ orderId }) => orderId === id).map(({ seq }) => seq);
            expect(seqs).toEqual([1, 2]);
          }
          expect(heard.filter(({ orderId }) => !own.includes(orderId))).toEqual([]);
        }
      },
      { timeoutMs: 90_000, everyMs: 500 },
    );
  });

  it('hears what the AsyncAPI document says', async () => {
    const reply = await anonymous.get('/api/docs-live');
    const { asyncapi, components, channels } = reply.body as {
      asyncapi: string;
      components: { schemas: object };
      channels: { socket: { messages: Record<string, { name: string; payload: { $ref: string } }> } };
    };
    expect(asyncapi).toBe('3.0.0');
    const ajv = new Ajv2020({ strict: false });
    addFormats(ajv);
    ajv.addSchema({ $id: 'doc', components });
    const errorsOf = (name: string, body: unknown) => {
      const message = Object.values(channels.socket.messages).find((one) => one.name === name);
      if (!message) return `${name} is not in the document`;
      const validate = ajv.compile({ $ref: `doc${message.payload.$ref}` });
      return validate(body) ? undefined : `${name}: ${ajv.errorsText(validate.errors)}`;
    };
    const admin = await Listener.connect({ token: (await theAdmin()).token });
    listeners.push(admin);
    await placeOrder(await theAdmin(), await newProduct());
    await eventually(() => {
      const names = new Set(admin.others.map(([name]) => name));
      expect([...names].sort()).toEqual(['admin.metrics', 'admin.order.updated']);
      expect(admin.events).toHaveLength(2);
    });
    const heard = [...admin.others, ...admin.events.map((event) => ['order.updated', event] as const)];
    expect(heard.map(([name, body]) => errorsOf(name, body)).filter(Boolean)).toEqual([]);
    expect(errorsOf('order.updated', { id: 'x' })).toMatch(/required/);
  });
});
