import { Readable } from 'node:stream';
import { Injectable, Logger } from '@nestjs/common';
import { auth, notifications, orders, type Message, type PageMeta, type PageQuery } from '@suite/contracts';
import { Bus, currentContext, runInContext } from '@suite/platform';
import { cartView } from './cart.view';
import type { ExportView } from './export.view';
import { mailView } from './mail.view';
import { mailPreferencesView } from './mail-preferences.view';
import { orderView } from './order.view';
import { sessionView, userView } from './user.view';

const PAGE = 100;

interface Page<Item> {
  items: Item[];
  meta: PageMeta;
}
type List<Item> = Message<PageQuery, Page<Item>>;

/**
 * What the services keep about the caller, as one JSON document. All are asked before the first byte leaves, so that
 * what is away is a refusal; the long lists follow page by page, so that no process holds all of somebody's orders.
 */
@Injectable()
export class ExportService {
  private readonly log = new Logger(ExportService.name);

  constructor(private readonly bus: Bus) {}

  async open(): Promise<Readable> {
    const [profile, sessions, cart, preferences, placed, mails] = await Promise.all([
      this.bus.ask(auth.profile, {}),
      this.bus.ask(auth.sessions, {}),
      this.bus.ask(orders.cart, {}),
      this.bus.ask(notifications.mailPreferences, {}),
      this.bus.ask(orders.list, { limit: PAGE }),
      this.bus.ask(notifications.mails, { limit: PAGE }),
    ]);
    const head: Omit<ExportView, 'orders' | 'mails'> = {
      exportedAt: new Date().toISOString(),
      profile: userView(profile),
      sessions: sessions.items.map(sessionView),
      cart: cartView(cart),
      mailPreferences: mailPreferencesView(preferences),
    };
    const lists = {
      orders: this.pages<(typeof placed.items)[number]>(orders.list, placed, orderView),
      mails: this.pages(notifications.mails, mails, mailView),
    };
    return Readable.from(this.write(head, lists));
  }

  /** What goes wrong from here on breaks the transfer off: half a document is no document. */
  private async *write(head: object, lists: Record<string, AsyncGenerator<object>>): AsyncGenerator<string> {
    try {
      yield JSON.stringify(head).slice(0, -1);
      for (const [name, items] of Object.entries(lists)) {
        yield `,"${name}":[`;
        let comma = '';
        for await (const item of items) {
          yield comma + JSON.stringify(item);
          comma = ',';
        }
        yield ']';
      }
      yield '}';
    } catch (error) {
      this.log.warn(`An export broke off: ${(error as Error).message}`);
      throw error;
    }
  }

  /** The stream is read outside of the request; what it asks for belongs to it all the same. */
  private pages<Item>(list: List<Item>, first: Page<Item>, view: (item: Item) => object): AsyncGenerator<object> {
    const context = currentContext()!;
    const { bus } = this;
    return (async function* () {
      for (let page = first; ;) {
        yield* page.items.map(view);
        const cursor = page.meta.nextCursor;
        if (cursor === undefined) return;
        page = await runInContext(context, () => bus.ask(list, { limit: PAGE, cursor }));
      }
    })();
  }
}
