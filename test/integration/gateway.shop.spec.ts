import { START_MS, codeIn, GatewayProcess, JWT_SECRET, type Answer } from '../support/gateways';
import { Service } from '../support/service';
import { openWires, type Wires } from '../support/wires';

const ADMIN = { email: 'first.admin@example.com', password: 'the first admin' };
let wires: Wires;
let gateway: GatewayProcess;
let services: Service[];
let login: Answer;
let token: string;

beforeAll(async () => {
  wires = await openWires();
  for (const name of ['auth', 'stock']) wires.database(name);
  const first = { ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password };
  const environment = { ...wires.environment, JWT_SECRET, BCRYPT_COST: '4', ...first };
  [gateway, ...services] = await Promise.all([
    GatewayProcess.start(wires),
    Service.start('apps/auth/src/main.ts', environment),
    Service.start('apps/stock/src/main.ts', environment),
  ]);
  login = await gateway.post('/auth/login', ADMIN);
  token = login.json.token as string;
}, START_MS);
afterAll(async () => {
  await Promise.all([gateway.stop(), ...services.map((service) => service.stop())]);
  await wires.close();
});

const cookiesIn = ({ headers }: Answer): string[] => [headers['set-cookie'] ?? []].flat();
const dataIn = <T>({ json }: Answer): T => json.data as T;

interface ProductView {
  id: string;
  version: number;
  price: number;
  stock: { id: string; available: number };
}
let made = 0;
async function newProduct(): Promise<ProductView> {
  const body = { sku: `TEA-${++made}`, name: 'Sencha', price: 19.99, initialStock: 5 };
  return dataIn(await gateway.post('/products', body, { token }));
}

describe('a login', () => {
  it('answers with the tokens, and sets them as cookies that live as long', () => {
    expect(login.status).toBe(200);
    expect(Object.keys(login.json).sort()).toEqual(['expiresIn', 'refreshToken', 'token', 'user']);
    const [access, refresh] = cookiesIn(login);
    expect(access).toBe(`access_token=${token}; Max-Age=900; Path=/; HttpOnly; SameSite=Lax`);
    expect(refresh).toMatch(/^refresh_token=[^;]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/);
  });

  it('is known by its cookie, and renewed by it', async () => {
    const cookie = cookiesIn(await gateway.post('/auth/login', ADMIN))
      .map((one) => one.split(';')[0])
      .join('; ');
    const profile = await gateway.get('/auth/profile', { headers: { cookie } });
    expect([profile.status, profile.json.email]).toEqual([200, ADMIN.email]);
    const refreshed = await gateway.post('/auth/refresh', undefined, { headers: { cookie, origin: gateway.origin } });
    expect([refreshed.status, cookiesIn(refreshed).length]).toEqual([200, 2]);
  });

  it('ends with a logout: the token is refused from then on', async () => {
    const other = (await gateway.post('/auth/login', ADMIN)).json.token as string;
    const out = await gateway.post('/auth/logout', undefined, { token: other });
    expect([out.status, cookiesIn(out).length]).toEqual([200, 2]);
    expect(codeIn(await gateway.get('/auth/profile', { token: other }))).toBe('401 UNAUTHORIZED');
    expect((await gateway.get('/auth/profile', { token })).status).toBe(200);
  });
});

describe('a product', () => {
  it('has a tag of its version and availability, by which nothing new costs nothing', async () => {
    const tea = await newProduct();
    const first = await gateway.get(`/products/${tea.id}`);
    expect(first.headers.etag).toBe(`"${tea.version}-5"`);
    const again = (tag: string) => gateway.get(`/products/${tea.id}`, { headers: { 'if-none-match': tag } });
    const same = await again(`"other", W/"${tea.version}-5"`);
    expect([same.status, same.text, same.headers.etag]).toEqual([304, '', first.headers.etag]);
    await gateway.post(`/stock/${tea.stock.id}/adjustments`, { delta: 2, reason: 'Delivery' }, { token });
    const changed = await again(String(first.headers.etag));
    expect([changed.status, changed.headers.etag]).toEqual([200, `"${tea.version}-7"`]);
  });

  it('is changed only in the version that was seen', async () => {
    const tea = await newProduct();
    const change = (tag: string) =>
      gateway.call('PATCH', `/products/${tea.id}`, { body: { price: 0.07 }, token, headers: { 'if-match': tag } });
    expect(codeIn(await change(`"${tea.version + 1}"`))).toBe('412 VERSION_CONFLICT');
    expect(codeIn(await change('nonsense'))).toBe('400 VALIDATION_FAILED');
    const changed = await change(`"${tea.version}-5"`);
    expect([changed.status, dataIn<ProductView>(changed).price]).toEqual([200, 0.07]);
    expect(codeIn(await change(`"${tea.version}"`))).toBe('412 VERSION_CONFLICT');
  });

  it('is made once with one key, and the second answer says that it is the first', async () => {
    const body = { sku: 'ONCE', name: 'Once', price: 1 };
    const send = () => gateway.post('/products', body, { token, headers: { 'idempotency-key': 'once' } });
    const [first, second] = [await send(), await send()];
    expect([first.status, first.headers['idempotency-replayed']]).toEqual([201, undefined]);
    expect([second.status, second.headers['idempotency-replayed']]).toEqual([201, 'true']);
    expect(second.json).toEqual(first.json);
    expect(second.headers.location).toBe(`/products/${dataIn<ProductView>(first).id}`);
  });

  it('is found by its price in decimals', async () => {
    const tea = await newProduct();
    const found = async (query: string) =>
      dataIn<ProductView[]>(await gateway.get(`/products?${query}&limit=100`)).map(({ id }) => id);
    expect(await found('minPrice=19.99&maxPrice=19.99')).toContain(tea.id);
    expect(await found('minPrice=20')).not.toContain(tea.id);
    expect(await found('maxPrice=19.98')).not.toContain(tea.id);
  });
});
