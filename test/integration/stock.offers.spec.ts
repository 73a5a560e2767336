import { stock, type Wanted } from '@suite/contracts';
import { Service } from '../support/service';
import { newId, someAdmin, someProduct } from '../support/stock';
import { openWires, type Wires } from '../support/wires';

describe('offers', () => {
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
  const offersFor = async (...wanted: Wanted[]) => (await wires.ask(stock.offers, { wanted })).offers;

  it('name price and stock line by line, by either id', async () => {
    const [one, other] = [await someProduct(wires), await someProduct(wires, { price: 5, initialStock: 3 })];
    const offers = await offersFor(
      { stockId: other.stock.id },
      { productId: one.id },
      { stockId: one.stock.id, productId: one.id },
    );
    const { id: productId, sku, name, price } = one;
    expect(offers[0]).toMatchObject({ productId: other.id, price: 5, available: 3 });
    expect(offers[1]).toMatchObject({ stockId: one.stock.id, productId, sku, name, price });
    expect(offers[2]).toEqual(offers[1]);
  });

  it('are never an old price or an old stock', async () => {
    const product = await someProduct(wires, { initialStock: 3 });
    const { id: stockId } = product.stock;
    for (const [i, price] of [11, 12, 13].entries()) {
      await wires.ask(stock.updateProduct, { id: product.id, price }, asAdmin);
      await wires.ask(stock.adjust, { stockId, delta: 1, reason: 'Delivery' }, asAdmin);
      expect(await offersFor({ stockId })).toMatchObject([{ price, available: 4 + i }]);
    }
  });

  it('leave out what is unknown, archived, or named by the ids of two products', async () => {
    const [one, other] = [await someProduct(wires), await someProduct(wires)];
    const { id: stockId } = one.stock;
    const unknown = [{ stockId: newId() }, { productId: stockId }, { stockId, productId: other.id }, {}];
    expect(await offersFor(...unknown, { productId: other.id })).toMatchObject([{ productId: other.id }]);
    await wires.ask(stock.archiveProduct, { id: one.id }, asAdmin);
    expect(await offersFor({ productId: one.id })).toEqual([]);
  });
});
