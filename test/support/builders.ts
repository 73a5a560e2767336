import { randomUUID } from 'node:crypto';
import { anonymous, Client, type Reply } from './client';
import { eventually } from './eventually';
import type { LoginView, OrderView, PlacedView, ProductView, StockView, UserView } from './views';

/** Stories share one suite, so whatever they make has a name of its own. */
export const unique = (): string => randomUUID().replaceAll('-', '').slice(0, 12);

export const PASSWORD = 'Corr3ct-horse!';
export const demoAdmin = {
  email: process.env.ADMIN_EMAIL ?? 'admin@example.com',
  password: process.env.ADMIN_PASSWORD ?? 'admin123',
};

/** A person with an account, signed in. */
export class Customer extends Client {
  constructor(
    readonly email: string,
    readonly password: string,
    readonly login: LoginView,
    readonly cookies: string[],
  ) {
    super({ token: login.token });
  }

  get id(): string {
    return this.login.user.id;
  }

  get token(): string {
    return this.login.token;
  }
}

export async function signIn(email: string, password: string): Promise<Customer> {
  const reply = succeeded(await anonymous.post<LoginView>('/auth/login', { email, password }), 200);
  return new Customer(email, password, reply.data, reply.cookies);
}

let admin: Promise<Customer> | undefined;
/** The admin of the demo, signed in once a file. */
export const theAdmin = (): Promise<Customer> => (admin ??= signIn(demoAdmin.email, demoAdmin.password));

/** A new customer, signed in. The tier is in the token, so a VIP is made one before. */
export async function newCustomer({
  vip = false,
  name = 'Jo Doe',
  email = `jo-${unique()}@example.com`,
} = {}): Promise<Customer> {
  const { data } = succeeded(
    await anonymous.post<UserView>('/auth/register', { email, password: PASSWORD, name }),
    201,
  );
  if (vip) succeeded(await (await theAdmin()).patch(`/users/${data.id}`, { tier: 'vip' }), 200);
  return signIn(email, PASSWORD);
}

/** A new product of its own, with its stock. */
export async function newProduct({
  stock = 100,
  price = 19.99,
  ...rest
}: Partial<NewProduct> = {}): Promise<ProductView> {
  const id = unique();
  const body = { sku: `TEST-${id}`, name: `Tea ${id}`, category: 'test', price, initialStock: stock, ...rest };
  return succeeded(await (await theAdmin()).post<ProductView>('/products', body), 201).data;
}

interface NewProduct {
  stock: number;
  price: number;
  sku: string;
  name: string;
  category: string;
  description: string;
  imageUrl: string;
  lowStockThreshold: number;
}

/** The body of an order of one line. */
export const lineOf = (product: ProductView, quantity = 1) => ({ stockId: product.stock.id, quantity });

export async function placeOrder(customer: Customer, product: ProductView, quantity = 1): Promise<OrderView> {
  return succeeded(await customer.post<PlacedView>('/orders', lineOf(product, quantity)), 201).data.order;
}

/** The order once it has left PENDING. */
export function settled(customer: Client, orderId: string, timeoutMs = 20_000): Promise<OrderView> {
  return eventually(
    async () => {
      const { data } = succeeded(await customer.get<OrderView>(`/orders/${orderId}`), 200);
      if (data.status === 'PENDING') throw new Error(`order ${orderId} is still PENDING`);
      return data;
    },
    { timeoutMs },
  );
}

export async function stockOf(product: ProductView): Promise<StockView> {
  const path = `/stock/products-with-stock/${product.id}`;
  return succeeded(await anonymous.get<{ stock: StockView }>(path), 200).data.stock;
}

/** Preparation that has to work: says what was answered instead. */
export function succeeded<Data>(reply: Reply<Data>, status: number): Reply<Data> {
  if (reply.status !== status) throw new Error(`expected ${status}, got ${reply.status}: ${reply.text.slice(0, 300)}`);
  return reply;
}
