import { lineOf, newCustomer, newProduct, settled, stockOf, type Customer } from '../support/builders';
import { each, times } from '../support/client';
import { eventually } from '../support/eventually';
import type { OrderView, PlacedView, ProductView } from '../support/views';

jest.setTimeout(120_000);

interface Attempt {
  buyer: Customer;
  status: number;
  code?: string;
  order?: OrderView;
}

async function buy(buyer: Customer, product: ProductView, quantity: number): Promise<Attempt> {
  const reply = await buyer.post<PlacedView>('/orders', lineOf(product, quantity), { timeout: 30_000 });
  return { buyer, status: reply.status, code: reply.code, order: reply.status === 201 ? reply.data.order : undefined };
}

const outcomeOf = ({ status, failure }: OrderView) => (status === 'FAILED' ? `FAILED ${failure?.code}` : status);

describe('a flash sale', () => {
  let buyers: Customer[];
  beforeAll(async () => {
    buyers = await each(times(40), 8, (index) => newCustomer({ vip: index % 5 === 0 }));
  });

  const endAll = (attempts: Attempt[]) =>
    each(
      attempts.filter(({ order }) => order),
      16,
      ({ buyer, order }) => settled(buyer, order!.id, 60_000),
    );

  it('of 200 units to 1,000 buyers confirms exactly 200; the others hear that there is nothing left', async () => {
    const tea = await newProduct({ stock: 200 });
    const attempts = await each(times(1_000), 64, (index) => buy(buyers[index % buyers.length], tea, 1));
    const refused = attempts.filter(({ order }) => !order);
    expect(new Set(refused.map(({ status, code }) => `${status} ${code}`))).toEqual(
      new Set(refused.length > 0 ? ['409 INSUFFICIENT_STOCK'] : []),
    );
    const outcomes = (await endAll(attempts)).map(outcomeOf);
    expect(outcomes.filter((outcome) => outcome === 'CONFIRMED')).toHaveLength(200);
    expect(new Set(outcomes)).toEqual(
      new Set(['CONFIRMED', ...(outcomes.length > 200 ? ['FAILED INSUFFICIENT_STOCK'] : [])]),
    );
    await eventually(async () => expect(await stockOf(tea)).toMatchObject({ available: 0, reserved: 0 }));
  });

  it('of mixed quantities sells what there is, never more and hardly less', async () => {
    const tea = await newProduct({ stock: 200 });
    const attempts = await each(times(300), 64, (index) => buy(buyers[index % buyers.length], tea, 1 + (index % 5)));
    const confirmed = (await endAll(attempts)).filter(({ status }) => status === 'CONFIRMED');
    const sold = confirmed.flatMap(({ items }) => items).reduce((sum, { quantity }) => sum + quantity, 0);
    await eventually(async () => expect(await stockOf(tea)).toMatchObject({ available: 200 - sold, reserved: 0 }));
    expect(sold).toBeLessThanOrEqual(200);
    expect(sold).toBeGreaterThan(195);
  });
});
