import { auth, stock, type StockLow } from '@suite/contracts';
import { AuthSuite, callerFrom, someEmail, START_MS } from '../support/auth-suite';
import { newId } from '../support/stock';

describe('a stock that becomes low', () => {
  let suite: AuthSuite;
  beforeAll(async () => (suite = await AuthSuite.start()), START_MS);
  afterAll(() => suite.stop());

  const low = (more: Partial<StockLow> = {}): StockLow => ({
    stockId: newId(),
    productId: newId(),
    sku: 'TEA-0001',
    name: 'Sencha',
    available: 2,
    threshold: 5,
    version: 7,
    at: new Date().toISOString(),
    ...more,
  });

  /** An admin of one's own, so that no other test writes to the same address. */
  async function newAdmin(): Promise<{ id: string; email: string }> {
    const caller = callerFrom(await suite.admin());
    const email = someEmail();
    const body = { email, password: 'Corr3ct-horse!', role: 'admin' } as const;
    return suite.wires.ask(auth.register, body, { caller });
  }

  it('is mailed to every admin, once however often it is told', async () => {
    const admins = [await newAdmin(), await newAdmin()];
    const jo = await suite.register();
    const fact = low();
    for (const _again of [1, 2, 3]) await suite.wires.tell(stock.low, fact);
    await suite.wires.tell(stock.low, low({ sku: 'LAST' }));
    const { productId, sku, name, available, threshold } = fact;
    for (const { email } of admins) {
      // The last fact was heard, so the first three were too.
      const mails = await suite.mailsTo(email, 'stock-low', 2);
      expect(mails).toEqual(
        expect.arrayContaining([
          { productId, sku, name, available, threshold },
          expect.objectContaining({ sku: 'LAST' }),
        ]),
      );
    }
    await suite.mailsTo(jo.email, 'stock-low', 0);
  });

  it('is mailed again when it is another crossing, and to nobody who cannot log in any more', async () => {
    const [stays, goes] = [await newAdmin(), await newAdmin()];
    const fact = low({ version: 7 });
    await suite.wires.tell(stock.low, fact);
    await suite.mailsTo(goes.email, 'stock-low', 1);
    const caller = callerFrom(await suite.admin());
    await suite.wires.ask(auth.updateUser, { id: goes.id, disabled: true }, { caller });
    await suite.wires.tell(stock.low, { ...fact, version: 9 });
    expect(await suite.mailsTo(stays.email, 'stock-low', 2)).toHaveLength(2);
    expect(await suite.mailsTo(goes.email, 'stock-low', 1)).toHaveLength(1);
  });
});
