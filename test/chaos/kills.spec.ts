import { form, isLong, Plan } from './plan';
import { placeBaseLoad } from './load';
import { expectRow } from './row';
import { closeShop, openShop, type Shop } from './shop';
import { killable, killInTurn } from './trouble';

jest.setTimeout(300_000);

const EVERY_MS = form(3_000, 5_000);
const TIMES = 12;

/** P1. In the long form each by itself, killed every 5 s for a minute; in the short one each of them once. */
describe('under load', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => closeShop(shop));

  const names = new Plan('whom').shuffled(killable());
  const victims = isLong ? names.map((name) => Array<string>(TIMES).fill(name)) : [names];

  it.each(victims.map((list) => [...new Set(list)].join(', ')))(
    '%s: killed again and again, no order is lost or doubled',
    async (label) => {
      const list = victims.find((candidate) => candidate.includes(label.split(',')[0]))!;
      const plan = new Plan(`kills ${label}`);
      const overMs = EVERY_MS * list.length;
      await expectRow(`P1 ${isLong ? label : 'each of them'}`, shop, async () => {
        const placing = placeBaseLoad(shop, plan, { overMs });
        await killInTurn(plan, list, EVERY_MS);
        return placing;
      });
    },
  );
});
