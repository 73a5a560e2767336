import { stock } from '@suite/contracts';
import { Service } from '../support/service';
import { newId, someAdmin, someProduct } from '../support/stock';
import { openWires, type Wires } from '../support/wires';

describe('quotes', () => {
  let wires: Wires;
  let service: Service;

  beforeAll(async () => {
    wires = await openWires();
    service = await Service.start('apps/stock/src/main.ts', wires.environment);
  });

  afterAll(async () => {
    await service.stop();
    await wires.database('stock').dropDatabase();
    await wires.close();
  });

  const asAdmin = { caller: someAdmin };
  const quote = (...lines: { stockId?: string; productId?: string; quantity: number }[]) =>
    wires.ask(stock.quote, { lines });

  it('name prices line by line, by either id', async () => {
    const [one, other] = [await someProduct(wires), await someProduct(wires, { price: 5 })];
    const { lines } = await quote(
      { stockId: other.stock.id, quantity: 1 },
      { productId: one.id, quantity: 2 },
      { stockId: one.stock.id, productId: one.id, quantity: 3 },
    );
    const { id: productId, sku, name, price, currency } = one;
    expect(lines[0]).toMatchObject({ productId: other.id, price: 5 });
    expect(lines[1]).toEqual({ stockId: one.stock.id, productId, sku, name, price, currency });
    expect(lines[2]).toEqual(lines[1]);
  });

  it('never reuse a price', async () => {
    const product = await someProduct(wires);
    const line = { stockId: product.stock.id, quantity: 1 };
    for (const price of [11, 12, 13]) {
      await wires.ask(stock.updateProduct, { id: product.id, price }, asAdmin);
      expect((await quote(line)).lines[0].price).toBe(price);
    }
  });

  it('judge all lines of one stock together, and never refuse by an old figure', async () => {
    const product = await someProduct(wires, { initialStock: 3 });
    const { id: stockId } = product.stock;
    const twice = [{ stockId, quantity: 2 }, { productId: product.id, quantity: 2 }]; // prettier-ignore
    await expect(quote(...twice)).rejects.toMatchObject({
      code: 'INSUFFICIENT_STOCK',
      extra: { stockId, requested: 4, available: 3 },
    });
    await wires.ask(stock.adjust, { stockId, delta: 1, reason: 'Delivery' }, asAdmin);
    expect((await quote(...twice)).lines).toHaveLength(2);
  });

  it('refuse what is unknown, archived, named by nothing or by two things', async () => {
    const [one, other] = [await someProduct(wires), await someProduct(wires)];
    const stockId = newId();
    const refusal = (line: object) => quote({ quantity: 1, ...line }).catch((problem: unknown) => problem);
    expect(await refusal({ stockId })).toMatchObject({ code: 'STOCK_NOT_FOUND', extra: { stockId } });
    expect(await refusal({ productId: one.stock.id })).toMatchObject({ code: 'STOCK_NOT_FOUND' });
    expect(await refusal({ stockId: one.stock.id, productId: other.id })).toMatchObject({ code: 'STOCK_NOT_FOUND' });
    expect(await refusal({})).toMatchObject({
      code: 'VALIDATION_FAILED',
      extra: { errors: [{ path: 'lines.0.stockId' }] },
    });
    await wires.ask(stock.archiveProduct, { id: one.id }, asAdmin);
    expect(await refusal({ productId: one.id })).toMatchObject({
      code: 'STOCK_NOT_FOUND',
      extra: { productId: one.id },
    });
  });

  it('are answered each by itself when many come at once', async () => {
    const product = await someProduct(wires, { initialStock: 3 });
    const asked = Array.from({ length: 60 }, (_, i) =>
      quote({ stockId: i % 3 === 2 ? newId() : product.stock.id, quantity: i % 3 === 1 ? 4 : 1 }).then(
        ({ lines }) => lines[0].price,
        (problem: { code: string }) => problem.code,
      ),
    );
    const one = [product.price, 'INSUFFICIENT_STOCK', 'STOCK_NOT_FOUND'];
    expect(await Promise.all(asked)).toEqual(Array.from({ length: 20 }, () => one).flat());
  });
});
