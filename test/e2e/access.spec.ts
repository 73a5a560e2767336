import { access, people, type Access, type Belonging, type Person, type Welcome } from '../support/access';
import {
  lineOf,
  newCustomer,
  newProduct,
  PASSWORD,
  placeOrder,
  signIn,
  theAdmin,
  type Customer,
} from '../support/builders';
import { anonymous, BASE_URL, type Method } from '../support/client';
import type { OpenApi, Operation } from '../support/openapi';
import { NO_ID } from '../support/refusals';
import type { SessionView } from '../support/views';

interface Outcome {
  welcome: Welcome;
  text: string;
}

let document: OpenApi;
let callers: Record<Person, Customer | undefined>;
let belongings: Record<Belonging, string>;

beforeAll(async () => {
  document = (await anonymous.get('/api/docs-json')).body as OpenApi;
  const [jo, vip, other, admin] = [
    await newCustomer(),
    await newCustomer({ vip: true }),
    await newCustomer(),
    await theAdmin(),
  ];
  callers = { anonymous: undefined, owner: jo, vip, other, admin };
  const tea = await newProduct();
  await jo.post('/cart/items', lineOf(tea));
  const elsewhere = await signIn(jo.email, PASSWORD);
  const sessions = (await elsewhere.get<SessionView[]>('/auth/sessions')).data;
  belongings = {
    order: (await placeOrder(jo, tea)).id,
    session: sessions.find(({ current }) => current)!.id,
  };
});

/** Calls that nothing comes of: no body is right, and an id is somebody else's or nobody's. */
async function knock(person: Person, method: string, path: string): Promise<Outcome> {
  const token = callers[person]?.token;
  const answer = await fetch(BASE_URL + path, {
    method,
    headers: {
      ...(method !== 'GET' && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: method === 'GET' ? undefined : JSON.stringify({ nonsense: true }),
    signal: AbortSignal.timeout(10_000),
  });
  // What streams need not come to its end.
  const json = /json/.test(answer.headers.get('content-type') ?? '');
  const text = json ? await answer.text() : '';
  if (!json) await answer.body?.cancel();
  const { code = '' } = (text === '' ? {} : JSON.parse(text)) as { code?: string };
  return { welcome: welcomeOf(answer.status, code), text };
}

/** How strangers are refused, anywhere. */
const refusals = new Set<string>(Object.values(access).flatMap((allowed) => people.map((person) => allowed[person])));

/** Refused as a stranger is, or by nothing of the kind; that the shop is out of order, or has no such route, is neither. */
function welcomeOf(status: number, code: string): Welcome {
  const answer: Welcome = `${status} ${code}`;
  return refusals.has(answer) || code === 'NOT_FOUND' || status >= 500 ? answer : 'in';
}

function filled(path: string, operation: Operation, { belonging }: Access): string {
  return (operation.parameters ?? [])
    .filter((parameter) => parameter.in === 'path')
    .reduce((url, { name, schema }) => {
      const known = typeof schema?.example === 'string' && !/^[0-9a-f]{24}$/.test(schema.example);
      const value = belonging ? belongings[belonging] : known ? String(schema.example) : NO_ID;
      return url.replace(`{${name}}`, value);
    }, path);
}

const routes = () =>
  Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );

function requestFor(route: string): { method: Method; path: string } {
  const [method, path] = route.split(' ') as [Method, string];
  return { method, path: filled(path, document.paths[path][method.toLowerCase()], access[route]) };
}

/** Each of them in turn, with what of the owner's their answers speak of. */
async function tried(route: string, who: readonly Person[], prefix = '') {
  const { method, path } = requestFor(route);
  const outcomes: Partial<Record<Person, Welcome>> = {};
  const leaks: string[] = [];
  for (const person of who) {
    const { welcome, text } = await knock(person, method, prefix + path);
    outcomes[person] = welcome;
    const theirs = person === 'owner' || person === 'admin';
    if (welcome === 'in' && !theirs) leaks.push(...mentionsOf(callers.owner!, text));
  }
  return { outcomes, leaks };
}

/** The owner comes last, and may do what the others before must not have done. */
const others = people.filter((person) => person !== 'owner');
const inTurn: Person[] = [...others, 'owner'];
/** What ends a session comes last of all: the people are signed in once. */
const lines = Object.entries(access).sort(([a], [b]) => Number(a.endsWith('/logout')) - Number(b.endsWith('/logout')));

describe('who may call what', () => {
  it('is said for every route of the documents, and for no other', () => {
    expect(Object.keys(access).sort()).toEqual(routes().sort());
  });

  it.each(lines)('is the same below /api: %s', async (route, { onePath, ...allowed }) => {
    // The last one would find the sessions ended by the first.
    const who = others.slice(0, route.endsWith('/logout') ? 1 : undefined);
    const expected = who.map((person) => [person, onePath ? '404 NOT_FOUND' : allowed[person]]);
    expect(await tried(route, who, '/api')).toEqual({ outcomes: Object.fromEntries(expected), leaks: [] });
  });

  it.each(lines)('is kept: %s', async (route, allowed) => {
    const expected = inTurn.map((person) => [person, allowed[person]]);
    expect(await tried(route, inTurn)).toEqual({ outcomes: Object.fromEntries(expected), leaks: [] });
  });
});

/** What of the owner's stands in an answer to somebody else. */
const mentionsOf = ({ id, email }: Customer, text: string): string[] =>
  [id, email, ...Object.values(belongings)].filter((secret) => text.includes(secret));
