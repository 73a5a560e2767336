import {
  lineOf,
  newCustomer,
  newProduct,
  PASSWORD,
  placeOrder,
  settled,
  signIn,
  theAdmin,
  type Customer,
} from '../support/builders';
import { anonymous, BASE_URL, Client, cookieOf, type Method, type Reply } from '../support/client';
import { eventually } from '../support/eventually';
import { EventStream } from '../support/live';
import { deadMail } from '../support/dead-mails';
import { pressesOf, type OpenApi, type Press } from '../support/openapi';
import { Till } from '../support/till';
import { deadOrder, letterOf } from '../support/vanishing-stock';
import type { WebhookView } from '../support/payment-views';
import type { PlacedView } from '../support/views';

/** Some hundred calls, each with somebody of its own to press it. */
jest.setTimeout(180_000);

/** Calls that need what only one person has; pressed, they answer this. Everything else works. */
const personal: Record<string, string> = {
  'POST /auth/password/reset': '400 INVALID_TOKEN',
  'POST /auth/email/verify': '400 INVALID_TOKEN',
  'POST /payments/webhook/stripe': '400 INVALID_SIGNATURE',
  'POST /payments/webhook/paypal': '400 INVALID_SIGNATURE',
};

const withoutPrefix = (call: string) => call.replace(/ \/api(?=\/)/, ' ');

/** As the page of the documents presses: from a browser that is signed in with its cookies. */
class Browser extends Client {
  private readonly cookie: string;

  constructor({ cookies }: Customer) {
    super({ cookie: cookieOf(cookies) });
    this.cookie = cookieOf(cookies);
  }

  press({ method, path, body }: Press) {
    return this.call(method as Method, path, { body, headers: { origin: BASE_URL } });
  }

  /** What has no end is only opened. */
  async peek({ path }: Press): Promise<Pick<Reply<unknown>, 'status' | 'code' | 'text'>> {
    const stream = await EventStream.open(path, { headers: { cookie: this.cookie } });
    stream.close();
    return { status: stream.status, text: '' };
  }

  /** The document as this person sees it: with examples that exist and are theirs. */
  async presses(): Promise<Press[]> {
    return pressesOf((await this.get('/api/docs-json')).body as OpenApi);
  }
}

/** Calls that use up what they are pressed on, which has to be made for each of them. */
const preparations: [RegExp, () => Promise<unknown>][] = [
  [/\/admin\/dlq\/\{id\}/, openLetter],
  [/\/admin\/mails\/dlq\/\{id\}/, deadMail],
  [/\/admin\/orders\/(\{id\}|by-number)/, confirmedOrder],
  [/\/admin\/webhooks\/\{id\}/, storedWebhook],
  [/POST .*\/admin\/demo$/, noDemonstration],
];

async function openLetter(): Promise<void> {
  const dead = await deadOrder();
  await dead.mend();
  await letterOf(dead);
}

/** One at a time: another story may have just shown something. */
async function noDemonstration(): Promise<void> {
  const admin = await theAdmin();
  await admin.delete('/admin/demo');
  await eventually(async () => {
    const { data } = await admin.get<{ run?: { state: string } }>('/admin/demo');
    expect(data.run?.state).not.toBe('running');
  });
}

/** Of the admin's own: an example must not touch those of customers. */
async function confirmedOrder(): Promise<void> {
  const admin = await theAdmin();
  await settled(admin, (await placeOrder(admin, await newProduct())).id);
}

/** That somebody has paid is told by the provider. */
async function storedWebhook(): Promise<void> {
  const [jo, admin] = [await newCustomer(), await theAdmin()];
  const body = { ...lineOf(await newProduct()), paymentMethod: 'STRIPE' };
  await new Till().serve((await jo.post<PlacedView>('/orders', body)).data.order.id);
  await eventually(async () => expect((await admin.get<WebhookView[]>('/admin/webhooks')).data).not.toEqual([]));
}

/** Presses one call as a new customer who has something to press on, and as an admin where customers may not. */
async function pressed(call: string) {
  for (const [calls, prepare] of preparations) if (calls.test(call)) await prepare();
  const jo = await newCustomer();
  await signIn(jo.email, PASSWORD);
  const tea = await newProduct();
  await placeOrder(jo, tea);
  await jo.post('/cart/items', lineOf(tea));
  const press = async (who: Browser) => {
    const one = (await who.presses()).find((known) => known.call === call)!;
    return one.endless ? who.peek(one) : who.press(one);
  };
  const reply = await press(new Browser(jo));
  return reply.status === 403 ? press(new Browser(await theAdmin())) : reply;
}

describe('every call of the documents', () => {
  it('works when its example is pressed', async () => {
    const calls = (await new Browser(await theAdmin()).presses()).map(({ call, answers }) => ({ call, answers }));
    expect(calls.length).toBeGreaterThan(25);
    const outcomes: Record<string, string> = {};
    for (const { call, answers } of calls) {
      const { status, code, text } = await pressed(call);
      const expected = personal[withoutPrefix(call)];
      const fine = expected ? `${status} ${code}` === expected : status >= 200 && status < 300;
      if (!fine) outcomes[call] = text.slice(0, 300);
      else if (!answers.includes(String(status)))
        outcomes[call] = `${status} is not among its answers ${answers.join()}`;
    }
    expect(outcomes).toEqual({});
  });

  it('has examples of the right form for strangers too', async () => {
    const presses = pressesOf((await anonymous.get('/api/docs-json')).body as OpenApi);
    const open = presses.filter(({ path, body = '' }) => /\{\{|undefined/.test(`${path} ${JSON.stringify(body)}`));
    expect(open.map(({ call }) => call)).toEqual([]);
  });
});
