import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { openBrowser, withBrowser } from '../support/browser';
import { newCustomer, newProduct, placeOrder, settled, stockOf, theAdmin } from '../support/builders';
import { deadMail } from '../support/dead-mails';
import { eventually } from '../support/eventually';
import { mailsTo } from '../support/mailbox';
import { Operator } from '../support/operator';
import { killAndAwait, suiteProcesses } from '../support/processes';
import { deadOrder, letterOf } from '../support/vanishing-stock';
import type { OrderView } from '../support/views';

jest.setTimeout(150_000);

/** No error in the browser's console, nothing that a policy forbids, no request to any other host. */
const expectNoComplaints = ({ complaints }: Operator) => expect(complaints).toEqual([]);

const LIMIT_BYTES = 200_000;
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 1 };

withBrowser('an operator at the console', () => {
  let browser: Browser;
  let operator: Operator;

  beforeAll(async () => {
    browser = await openBrowser();
    operator = await Operator.arrive(browser);
    await operator.logIn(await theAdmin());
  });
  afterAll(() => browser?.close());

  it('has all of it in less than 200 KB', async () => {
    await operator.goesTo('Shop');
    await operator.page.locator('.uplot').waitFor();
    await eventually(() => expect(operator.bytes).toBeGreaterThan(LIMIT_BYTES / 4));
    expect(operator.bytes).toBeLessThan(LIMIT_BYTES);
    expectNoComplaints(operator);
  });

  it('watches an order go through, and reads its story', async () => {
    await operator.goesTo('Flow');
    const vip = await newCustomer({ vip: true });
    const order = await settled(vip, (await placeOrder(vip, await newProduct())).id);
    await operator.page.getByRole('button', { name: order.number }).first().click();
    const story = operator.story();
    for (const text of ['confirmed', 'VIP', 'Taken up once', 'order confirmed']) {
      await story.getByText(text).first().waitFor();
    }
    await operator.picture('story');
    await operator.page.keyboard.press('Escape');
    await story.waitFor({ state: 'hidden' });
    expectNoComplaints(operator);
  });

  it.each([
    ['at a desk', undefined],
    ['on a phone', PHONE],
  ])('reads in the picture of the flow, %s, how many were cancelled', async (_where, device) => {
    const [customer, product] = [await newCustomer(), await newProduct()];
    const { id } = await settled(customer, (await placeOrder(customer, product)).id);
    await customer.post(`/orders/${id}/cancel`);
    const another = await Operator.arrive(browser, device);
    try {
      await another.logIn(await theAdmin());
      await another.sees(/^today, \d+ cancelled$/);
      expect(await another.spilled()).toEqual([]);
      expectNoComplaints(another);
    } finally {
      await another.leave();
    }
  });

  it('runs a flash sale, sees it flow, and reads that fifty of fifty are sold', async () => {
    await operator.goesTo('Demo');
    const sale = operator.page.locator('section', {
      has: operator.page.getByRole('heading', { name: 'A flash sale' }),
    });
    await sale.getByRole('button', { name: 'Start' }).click();
    await operator.goesTo('Flow');
    await operator.page.locator('circle.dot[visibility=visible]').nth(9).waitFor({ timeout: 15_000 });
    await operator.goesTo('Demo');
    await operator.sees('50 of 50 sold, balanced');
    await operator.picture('flash-sale');
    expectNoComplaints(operator);
  });

  it('sees that VIPs are served first, and that one show runs at a time', async () => {
    await operator.goesTo('Demo');
    const show = operator.page.locator('section', {
      has: operator.page.getByRole('heading', { name: 'VIP against standard' }),
    });
    await show.getByRole('button', { name: 'Start' }).first().click();
    await operator.sees('VIP against standard running');
    const again = await (await theAdmin()).post('/admin/demo', { kind: 'trickle' });
    expect([again.status, again.code]).toEqual([409, 'DEMO_RUNNING']);
    await operator.goesTo('Flow');
    await operator.page.locator('circle.dot[visibility=visible]').nth(9).waitFor({ timeout: 15_000 });
    await operator.picture('flow');
    await operator.goesTo('Demo');
    await operator.sees(/VIP, 40 orders/);
    await operator.sees(/standard, 400 orders/);
    await operator.picture('vip-against-standard');
    expectNoComplaints(operator);
  });

  it('asks whether a dead letter would pass, mends what it died of, and replays it', async () => {
    const dead = await deadOrder();
    await letterOf(dead);
    await operator.goesTo('Dead letters');
    const letter = operator.page.locator('dead-letter', { hasText: dead.order.number });
    await letter.getByRole('button', { name: 'Would it pass now?' }).click();
    await letter.getByText('No:').waitFor();
    await operator.picture('dead-letters');
    await dead.mend();
    await letter.getByRole('button', { name: 'Would it pass now?' }).click();
    await letter.getByText('Yes, it would pass.').waitFor();
    await letter.getByRole('button', { name: 'Replay', exact: true }).click();
    await operator.sees(`${dead.order.number} is on its way again`);
    expect((await settled(dead.jo, dead.order.id)).status).toBe('CONFIRMED');
    await operator.presses('replayed');
    await operator.page.locator('dead-letter', { hasText: dead.order.number }).getByText('replayed').first().waitFor();
    expectNoComplaints(operator);
  });

  it('replays a group at a pace, and discards with a reason', async () => {
    const [one, other] = [await deadOrder(), await deadOrder()];
    for (const dead of [one, other]) {
      await dead.mend();
      await letterOf(dead);
    }
    await operator.goesTo('Flow');
    await operator.goesTo('Dead letters');
    const letter = operator.page.locator('dead-letter', { hasText: other.order.number });
    await letter.getByRole('button', { name: 'Discard', exact: true }).click();
    await letter.getByLabel('Why').fill('The customer has ordered anew');
    await letter.getByRole('button', { name: 'Discard it' }).click();
    await operator.sees(`${other.order.number} is discarded`);
    // Other stories leave letters of other causes.
    const group = operator.page.locator('.groups li', { hasText: (await letterOf(one)).error });
    await group.getByRole('button', { name: 'Replay the group' }).click();
    await group.getByRole('button', { name: 'Replay, the oldest first' }).click();
    await operator.sees(/\d+ scheduled, 5 a second/);
    expect((await settled(one.jo, one.order.id)).status).toBe('FAILED');
    await eventually(
      async () => expect((await one.jo.get<OrderView>(`/orders/${one.order.id}`)).data.status).toBe('CONFIRMED'),
      { timeoutMs: 30_000 },
    );
    expect((await other.jo.get<OrderView>(`/orders/${other.order.id}`)).data.status).toBe('FAILED');
    expectNoComplaints(operator);
  });

  it('sends a mail again that was given up', async () => {
    const { jo, letter } = await deadMail();
    await operator.goesTo('Flow');
    await operator.goesTo('Dead letters');
    const mail = operator.page
      .locator('dead-mails article', { hasText: letter.to })
      .filter({ hasText: 'order confirmed' });
    await mail.getByRole('button', { name: 'Send again' }).click();
    await operator.sees(`The mail to ${jo.email} is on its way again`);
    await mail.waitFor({ state: 'hidden' });
    await eventually(async () => expect(await mailsTo(jo.email)).not.toEqual([]), { timeoutMs: 20_000 });
    expectNoComplaints(operator);
  });

  it('ships an order, refunds it, and takes all orders away as a file', async () => {
    const [jo, tea] = [await newCustomer(), await newProduct({ price: 12.5 })];
    const order = await settled(jo, (await placeOrder(jo, tea, 2)).id);
    await operator.goesTo('Shop');
    await operator.page.getByLabel('Number').fill(order.number);
    await operator.page.keyboard.press('Enter');
    await operator.page.getByRole('button', { name: order.number }).click();
    const story = operator.story();
    await story.getByRole('button', { name: 'Ship' }).click();
    await story.getByLabel('Carrier').fill('DHL');
    await story.getByRole('button', { name: 'Yes, ship' }).click();
    await story.getByText('shipped').first().waitFor();
    await story.getByRole('button', { name: 'Refund' }).click();
    await story.getByLabel('Amount').fill('5.5');
    await story.getByRole('button', { name: 'Yes, refund' }).click();
    await story.getByText('$5.50 refunded').waitFor();
    expect((await jo.get<OrderView>(`/orders/${order.id}`)).data).toMatchObject({
      status: 'SHIPPED',
      shipments: [{ carrier: 'DHL' }],
      payment: { refunded: 5.5 },
    });
    await story.getByRole('button', { name: 'Close' }).click();

    await operator.page.getByLabel('Number').fill('');
    await operator.page.getByLabel('Status').selectOption('SHIPPED');
    await operator.page.getByRole('button', { name: order.number }).waitFor();
    await operator.picture('shop', { whole: true });
    const downloading = operator.page.waitForEvent('download');
    await operator.page.getByRole('link', { name: 'Export CSV' }).click();
    const rows = readFileSync(await (await downloading).path(), 'utf8')
      .trim()
      .split('\n');
    expect(rows[0]).toMatch(/^id,number,createdAt,status,tier/);
    expect(rows.some((row) => row.includes(order.number))).toBe(true);
    expect(rows.slice(1).every((row) => row.includes(',SHIPPED,'))).toBe(true);
    expect(await stockOf(tea)).toMatchObject({ available: 98, reserved: 0 });
    expectNoComplaints(operator);
  });

  it('sees every replica, and has everything recounted', async () => {
    await operator.goesTo('Health');
    for (const { name } of suiteProcesses().filter((one) => ['gateway', 'stock', 'processor'].includes(one.name))) {
      await operator.page.getByRole('cell', { name, exact: true }).first().waitFor();
    }
    await operator.presses('Recount everything');
    await operator.sees(/Everything added up/);
    await operator.picture('health');
    expectNoComplaints(operator);
  });

  it('works on a phone, in the dark, and by keyboard alone', async () => {
    const other = await Operator.arrive(browser, { ...PHONE, colorScheme: 'dark', reducedMotion: 'reduce' });
    try {
      await other.logIn(await theAdmin());
      for (const section of ['Flow', 'Shop', 'Dead letters', 'Health', 'Demo']) {
        const link = other.page.getByRole('navigation').getByRole('link', { name: section });
        await link.focus();
        await other.page.keyboard.press('Enter');
        await other.page.getByRole('heading', { level: 1, name: section }).waitFor();
        const tooWide = await other.page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth');
        expect([section, tooWide]).toEqual([section, false]);
      }
      await other.goesTo('Flow');
      await other.sees('Let orders move');
      await other.picture('phone');
      expectNoComplaints(other);
    } finally {
      await other.leave();
    }
  });

  it('is told when the connection is lost, and sees it live again by itself; so it is when a gateway dies', async () => {
    const other = await Operator.arrive(browser);
    try {
      await other.logIn(await theAdmin());
      await other.page.context().setOffline(true);
      await other.sees('reconnecting…');
      await other.picture('reconnecting');
      await other.page.context().setOffline(false);
      await other.page.getByText('live', { exact: true }).waitFor();
      for (const { label } of suiteProcesses().filter(({ name }) => name === 'gateway')) await killAndAwait(label);
      const jo = await newCustomer();
      const order = await settled(jo, (await placeOrder(jo, await newProduct())).id);
      await other.page.getByRole('button', { name: order.number }).first().waitFor();
      await other.page.getByText('live', { exact: true }).waitFor();
      expect(await other.page.getByText('reconnecting…').count()).toBe(0);
    } finally {
      // The other browser was open meanwhile, and could not reach a gateway either.
      operator.complaints.length = 0;
      await other.leave();
    }
  });

  it('is out when the session ends, and back at the way in', async () => {
    const other = await Operator.arrive(browser);
    await other.logIn(await theAdmin());
    await other.presses('Log out');
    await other.page.getByLabel('E-mail').waitFor();
    expectNoComplaints(other);
    await other.leave();
  });
});
