import type { Browser, Page } from 'playwright-core';
import { openBrowser, withBrowser } from '../support/browser';
import { demoAdmin, newCustomer, newProduct, placeOrder, settled } from '../support/builders';
import { BASE_URL } from '../support/client';
import { eventually } from '../support/eventually';

jest.setTimeout(120_000);

withBrowser('what people open in a browser', () => {
  let browser: Browser;
  let page: Page;
  /** What the browser complains about: policies, errors of scripts, files that did not come. */
  let complaints: string[];

  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(30_000);
    complaints = [];
    page.on('console', (line) => {
      if (['error', 'warning'].includes(line.type())) complaints.push(line.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('requestfailed', (request) => complaints.push(`${request.url()}: ${request.failure()?.errorText}`));
  });
  afterEach(() => page.context().close());

  /** A policy that nothing tries would be found to be kept by any page. */
  const triesItsPolicy = async () => {
    await page.evaluate(`
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      const image = document.createElement('img');
      image.src = 'https://elsewhere.example/pixel.png';
      document.body.append(script, image)`);
    await eventually(() => expect(complaints.join('\n')).toMatch(/elsewhere\.example/));
    const injected = await page.evaluate('window.injected');
    expect(injected).toBeUndefined();
    expect(complaints.splice(0).join('\n')).toMatch(/script-src/);
  };

  it('the documents: a call is pressed and answered, within their policy', async () => {
    await page.goto(`${BASE_URL}/api/docs`);
    const call = page.locator('.opblock', { has: page.locator('[data-path="/products"]') }).first();
    await call.locator('.opblock-summary').click();
    await call.getByRole('button', { name: 'Execute' }).click();
    await call.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor();
    expect(await call.locator('.live-responses-table').innerText()).toContain('"stock"');
    expect(complaints).toEqual([]);
    await triesItsPolicy();
  });

  it('the board: an admin logs in on its page, sees the queues and a job, within its policy', async () => {
    const [jo, tea] = [await newCustomer(), await newProduct({ stock: 5 })];
    const order = await placeOrder(jo, tea);
    await settled(jo, order.id);

    await page.goto(`${BASE_URL}/admin/queues`);
    // The page to log in is what a 401 says, which the browser mentions.
    expect(complaints.splice(0)).toEqual([expect.stringContaining('401')]);
    await page.getByLabel('E-mail').fill(demoAdmin.email);
    await page.getByLabel('Password').fill(demoAdmin.password);
    await page.getByRole('button').click();
    await page.getByRole('link', { name: 'orders', exact: true }).first().waitFor();
    await page.goto(`${BASE_URL}/admin/queues/queue/orders?status=completed`);
    await page
      .getByText(/order-[0-9a-f]{24}-\d/)
      .first()
      .waitFor();
    expect(complaints).toEqual([]);
    await triesItsPolicy();
  });
});
