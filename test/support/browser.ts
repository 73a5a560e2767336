import type { Browser, Page } from 'playwright-core';
import { PASSWORD, unique } from './builders';
import { BASE_URL } from './client';
import { eventually } from './eventually';

export { openBrowser } from './chromium';

/** Where there is no browser, whoever runs the tests has said so. */
export const withBrowser = process.env.CHROMIUM_BIN ? describe : describe.skip;

/** A shopper in a browser of their own, signed in with cookies, as any page of a shop would do it. */
export class Shopper {
  private constructor(readonly page: Page) {}

  static async arrive(browser: Browser): Promise<Shopper> {
    const context = await browser.newContext();
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const shopper = new Shopper(page);
    await page.goto(`${BASE_URL}/products?limit=1`);
    const account = { email: `jo-${unique()}@example.com`, password: PASSWORD };
    await shopper.post('/auth/register', { ...account, name: 'Jo' });
    await shopper.post('/auth/login', account);
    return shopper;
  }

  /** What the shop's page would send, from within the page: with its cookies and its origin. */
  post<Answer>(path: string, body: object): Promise<Answer> {
    return this.page.evaluate(
      async ([to, text]) => {
        const answer = await fetch(to, { method: 'POST', headers: { 'content-type': 'application/json' }, body: text });
        if (!answer.ok) throw new Error(`${to} answered ${answer.status}: ${await answer.text()}`);
        return (await answer.json()) as Answer;
      },
      [path, JSON.stringify(body)] as const,
    );
  }

  /** Presses a button of the page they are on, by its text. */
  async press(text: string): Promise<void> {
    await this.page.getByRole('button', { name: text, exact: true }).click();
    await this.page.waitForLoadState();
  }

  reads(): Promise<string> {
    return this.page.innerText('body');
  }

  /** Looks at their order, again and again, until it is in this status. */
  sees(orderId: string, status: string, timeoutMs = 30_000): Promise<void> {
    return eventually(
      async () => {
        await this.page.goto(`${BASE_URL}/orders/${orderId}`);
        const seen = JSON.parse(await this.reads()) as { data: { status: string } };
        if (seen.data.status !== status) throw new Error(`the shopper sees ${seen.data.status}`);
      },
      { timeoutMs, everyMs: 250 },
    );
  }

  async leave(): Promise<void> {
    await this.page.context().close();
  }
}
