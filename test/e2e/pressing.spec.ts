import { newCustomer, newProduct, PASSWORD, placeOrder, signIn, theAdmin, type Customer } from '../support/builders';
import { anonymous, BASE_URL, cookieOf, type Method } from '../support/client';
import { pressesOf, type OpenApi, type Press } from '../support/openapi';

/** Calls that need what only one person has; pressed, they answer this. Everything else works. */
const personal: Record<string, string> = {
  'POST /auth/password/reset': '400 INVALID_TOKEN',
  'POST /auth/email/verify': '400 INVALID_TOKEN',
};

const withoutPrefix = (call: string) => call.replace(/ \/api(?=\/)/, ' ');

/** The document as this person sees it: with examples that exist and are theirs. */
const pressesFor = async (who: Customer): Promise<Press[]> =>
  pressesOf((await who.get('/api/docs-json')).body as OpenApi);

/** A customer with an order and another session, so that there is something to press on. */
async function somebody(): Promise<Customer> {
  const jo = await newCustomer();
  await signIn(jo.email, PASSWORD);
  await placeOrder(jo, await newProduct());
  return jo;
}

async function pressed(call: string) {
  const jo = await somebody();
  const send = async (who: Customer) => {
    const { method, path, body } = (await pressesFor(who)).find((press) => press.call === call)!;
    // As the page does it: with the cookies of the browser, from the origin of the shop.
    return who.call(method as Method, path, { body, cookie: cookieOf(who.cookies), headers: { origin: BASE_URL } });
  };
  const reply = await send(jo);
  return reply.status === 403 ? send(await theAdmin()) : reply;
}

describe('every call of the documents', () => {
  it('works when its example is pressed', async () => {
    const calls = (await pressesFor(await theAdmin())).map(({ call, answers }) => ({ call, answers }));
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
