import type { Browser } from 'playwright-core';
import { openBrowser, Shopper, withBrowser } from '../support/browser';
import { lineOf, newProduct, stockOf } from '../support/builders';
import { eventually } from '../support/eventually';
import { Till } from '../support/till';
import type { PlacedView, ProductView } from '../support/views';

jest.setTimeout(150_000);

const till = new Till();

withBrowser('a shopper in a browser', () => {
  let browser: Browser;
  let jo: Shopper;
  let tea: ProductView;
  /** Who orders first of all and does nothing: the time to pay passes while others pay. */
  const idle = {} as { shopper: Shopper; tea: ProductView; id: string };

  const arrive = async () =>
    [await Shopper.arrive(browser), await newProduct({ stock: 5, price: 12.5 })] as [Shopper, ProductView];

  beforeAll(async () => {
    browser = await openBrowser();
    [idle.shopper, idle.tea] = await arrive();
    idle.id = await toThePayPage('PAYPAL', idle.shopper, idle.tea);
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    [jo, tea] = await arrive();
  });
  afterEach(() => jo?.leave());

  /** Orders two, and is sent to where they are paid. */
  async function toThePayPage(paymentMethod: 'STRIPE' | 'PAYPAL', shopper = jo, product = tea): Promise<string> {
    const body = { ...lineOf(product, 2), paymentMethod, paymentFlow: 'CHECKOUT' };
    const { data } = await shopper.post<{ data: PlacedView }>('/orders', body);
    await shopper.page.goto(data.paymentUrl!);
    expect(await shopper.reads()).toContain('25.00 USD');
    return data.order.id;
  }

  it('is waited for, with the stock held', async () => {
    await idle.shopper.sees(idle.id, 'AWAITING_PAYMENT');
    expect(await stockOf(idle.tea)).toMatchObject({ available: 3, reserved: 2 });
  });

  it.each(['STRIPE', 'PAYPAL'] as const)('pays by %s, is back in the shop, and sees CONFIRMED', async (method) => {
    const id = await toThePayPage(method);
    await jo.press('Pay');
    expect(await jo.reads()).toContain('Back in the shop');
    await jo.sees(id, 'CONFIRMED');
    expect(await till.balance(id)).toEqual({ captures: 1, kept: 2_500 });
    expect(await stockOf(tea)).toMatchObject({ available: 3 });
  });

  it('is declined, tries again with another card, and sees CONFIRMED', async () => {
    const id = await toThePayPage('STRIPE');
    const payPage = jo.page.url();
    await jo.press('Pay with a card that is declined');
    expect(await jo.reads()).toContain('Your card was declined.');
    await jo.page.goto(payPage);
    await jo.press('Pay');
    await jo.sees(id, 'CONFIRMED');
  });

  it('is declined three times, and sees FAILED', async () => {
    const id = await toThePayPage('STRIPE');
    const payPage = jo.page.url();
    for (let nth = 1; nth <= 3; nth++) {
      await jo.page.goto(payPage);
      await jo.press('Pay with a card that is declined');
    }
    await jo.sees(id, 'FAILED');
    await jo.page.goto(payPage);
    expect(await jo.reads()).toContain('There is nothing to pay here any more.');
    await eventually(async () => expect(await stockOf(tea)).toMatchObject({ available: 5, reserved: 0 }));
  });

  it('does nothing, and sees CANCELLED when the time is over, with the stock back', async () => {
    const { shopper, id } = idle;
    await shopper.sees(id, 'CANCELLED', 120_000);
    await eventually(async () => expect(await stockOf(idle.tea)).toMatchObject({ available: 5, reserved: 0 }));
    expect(await till.balance(id)).toEqual({ captures: 0, kept: 0 });
  });
});
