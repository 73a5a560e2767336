import { placeBaseLoad } from './load';
import { form, isLong, Plan } from './plan';
import { expectRow } from './row';
import { Shop } from './shop';
import { killable, killInTurn } from './trouble';

jest.setTimeout(300_000);

const EVERY_MS = form(2_000, 5_000);
/** In the long form each of them by itself, for a minute; in the short one all of them, once each. */
const names = new Plan('whom').shuffled(killable());
const lists = isLong ? names.map((name) => Array<string>(12).fill(name)) : [names];

describe('P1: killed under load, again and again,', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await Shop.open();
  });
  afterAll(() => shop?.close());

  it.each(lists.map((list) => ({ who: [...new Set(list)].join(', '), list })))(
    '$who: no order is lost or doubled',
    async ({ who, list }) => {
      const plan = new Plan(`kills ${who}`);
      await expectRow(`P1 ${isLong ? who : 'each of them'}`, shop, () =>
        Promise.all([
          placeBaseLoad(shop, plan, { overMs: EVERY_MS * list.length }),
          killInTurn(plan, list, EVERY_MS), //
        ]),
      );
    },
  );
});
