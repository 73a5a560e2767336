import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { BASE_URL } from './client';

const PICTURES = join(__dirname, '../../docs/console');
const DESK = { width: 1_280, height: 800 };
const SPILLED = `[...document.querySelectorAll('.stage text')]
  .filter((text) => {
    const [written, box] = [text, text.parentElement.querySelector('rect')].map((one) => one.getBoundingClientRect());
    return written.left < box.left || written.right > box.right;
  })
  .map((text) => text.textContent)`;

/** An admin before the console, and whatever in the browser gave cause for complaint. */
export class Operator {
  /** Errors in the console, scripts that failed, policies that were broken, requests to other hosts. */
  readonly complaints: string[] = [];
  /** Bytes of the page and its files, as they are when unpacked. */
  bytes = 0;

  private constructor(readonly page: Page) {
    page.setDefaultTimeout(30_000);
    page.on('console', (message) => {
      // That the way in is a 401 is what it is for.
      const theWayIn = message.text().includes('401') && message.location().url === `${BASE_URL}/admin`;
      if (message.type() === 'error' && !theWayIn) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.origin !== BASE_URL && url.protocol !== 'data:') this.complaints.push(`asked ${url.host}`);
    });
    page.on('response', (response) => {
      if (!/\/admin(\/(console|vendor)\/|$)/.test(new URL(response.url()).pathname)) return;
      void response.body().then(
        (body) => (this.bytes += body.length),
        () => undefined,
      );
    });
  }

  static async arrive(browser: Browser, options: BrowserContextOptions = {}): Promise<Operator> {
    const context = await browser.newContext({ viewport: DESK, ...options });
    const operator = new Operator(await context.newPage());
    await operator.page.goto(`${BASE_URL}/admin`);
    return operator;
  }

  async logIn({ email, password }: { email: string; password: string }): Promise<void> {
    await this.page.getByLabel('E-mail').fill(email);
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByRole('button', { name: 'Log in' }).click();
    await this.sees('live');
  }

  /** Some text that can be seen, now or within half a minute. */
  async sees(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor();
  }

  async goesTo(section: string): Promise<void> {
    await this.page.getByRole('navigation').getByRole('link', { name: section }).click();
    await this.page.getByRole('heading', { level: 1, name: section }).waitFor();
  }

  async presses(name: string | RegExp): Promise<void> {
    await this.page.getByRole('button', { name }).first().click();
  }

  /** Of the order in hand. */
  story() {
    return this.page.getByRole('dialog', { name: 'Story of an order' });
  }

  /** What is written in the picture of the flow and runs out of its box. */
  spilled(): Promise<string[]> {
    return this.page.evaluate<string[]>(SPILLED);
  }

  /**
   * For the documents, where that was asked for (`CONSOLE_PICTURES=1`): pictures differ a little each time. Of what can
   * be seen, or of the `whole` page.
   */
  async picture(name: string, { whole = false } = {}): Promise<void> {
    if (!process.env.CONSOLE_PICTURES) return;
    mkdirSync(PICTURES, { recursive: true });
    // Not by `fullPage`, which leaves what sticks to the window where it was.
    const height = whole ? await this.page.evaluate<number>('document.documentElement.scrollHeight') : DESK.height;
    if (whole) await this.page.setViewportSize({ ...DESK, height });
    await this.page.screenshot({ path: join(PICTURES, `${name}.png`), animations: 'disabled' });
    if (whole) await this.page.setViewportSize(DESK);
  }

  async leave(): Promise<void> {
    await this.page.context().close();
  }
}
