import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { auth, notifications, orders, payments, stock, type OrderStatus } from '@suite/contracts';
import { Bus } from '@suite/platform';
import { SessionService } from './session.service';

/** What stands in the document as `{{name}}`, and in the answer as something that is there just now. */
export type LiveName =
  | 'productId'
  | 'stockId'
  | 'demoProductId'
  | 'cartStockId'
  | 'archivedProductId'
  | 'orderId'
  | 'orderNumber'
  | 'cancellableOrderId'
  | 'deadLetterId'
  | 'deadMailId'
  | 'confirmedOrderId'
  | 'confirmedStockId'
  | 'userId'
  | 'demoUserId'
  | 'sessionId'
  | 'webhookId'
  /** Different in each document, for what may exist once: a sku, an e-mail address. */
  | 'unique';

type Live = Partial<Record<LiveName, string>>;

/** What the examples themselves have made, and may change and archive again. */
const DEMO_CATEGORY = 'demo';
const DEMO_USER = 'demo.';
const PATIENCE_MS = 1_000;

const CANCELLABLE: OrderStatus[] = ['PENDING', 'AWAITING_PAYMENT', 'CONFIRMED'];

/** A well-formed id that nothing has. */
const NOBODY = '0'.repeat(24);

/**
 * Makes the examples of the OpenAPI document work when pressed: ids are those of a product that is in stock, and of the
 * caller's own newest order and another session of the caller's. What an admin's examples change or archive is what
 * they have made before. Whoever is not signed in gets ids of the right form, and the 401 that calling them brings.
 */
@Injectable()
export class LiveExamplesService {
  constructor(
    private readonly bus: Bus,
    private readonly sessions: SessionService,
  ) {}

  async fill(document: OpenAPIObject, request: FastifyRequest): Promise<OpenAPIObject> {
    // Nobody waits long for examples: without an answer they are of the right form and no more.
    request.context.deadline = Date.now() + PATIENCE_MS;
    const [products, own] = await Promise.all([this.products(), this.own(request)]);
    const live: Live = { ...products, ...own, unique: randomBytes(4).toString('hex') };
    const text = JSON.stringify(document).replace(/\{\{(\w+)\}\}/g, (_, name: LiveName) => live[name] ?? NOBODY);
    return JSON.parse(text) as OpenAPIObject;
  }

  /** The document is served whatever is away. */
  private async products(): Promise<Live> {
    try {
      const [oldest, demo] = await Promise.all([
        this.bus.ask(stock.products, { sort: 'createdAt', inStock: true, limit: 1 }),
        this.bus.ask(stock.products, { sort: '-createdAt', category: DEMO_CATEGORY, limit: 1 }),
      ]);
      const [product] = oldest.items;
      const demoProductId = demo.items[0]?.id;
      return { productId: product?.id, stockId: product?.stock.id, demoProductId, archivedProductId: demoProductId };
    } catch {
      return {};
    }
  }

  private async own(request: FastifyRequest): Promise<Live> {
    try {
      await this.sessions.identify(request, 'door');
      await this.sessions.admit(request, 'door');
      const { caller } = request.context;
      if (!caller) return {};
      const [cart, placed, sessions, administered] = await Promise.all([
        this.bus.ask(orders.cart, {}),
        this.bus.ask(orders.list, {}),
        this.bus.ask(auth.sessions, {}),
        caller.role === 'admin' ? this.administered() : undefined,
      ]);
      const confirmed = placed.items.find(({ status }) => status === 'CONFIRMED');
      return {
        cartStockId: cart.items[0]?.stockId,
        orderId: placed.items[0]?.id,
        orderNumber: placed.items[0]?.number,
        confirmedOrderId: confirmed?.id,
        confirmedStockId: confirmed?.items[0].stockId,
        cancellableOrderId: placed.items.find(({ status }) => CANCELLABLE.includes(status))?.id,
        sessionId: (sessions.items.find(({ current }) => !current) ?? sessions.items[0])?.id,
        userId: caller.userId,
        ...administered,
      };
    } catch {
      return {};
    }
  }

  /** Restoring what is not archived changes nothing, so a demo product will do where none is. */
  private async administered(): Promise<Live> {
    const [users, dead, deadMails, archived, webhooks] = await Promise.all([
      this.bus.ask(auth.listUsers, { q: DEMO_USER, limit: 1 }),
      this.bus.ask(orders.deadLetters, { limit: 1 }),
      this.bus.ask(notifications.deadMails, { limit: 1 }),
      this.bus.ask(stock.products, { category: DEMO_CATEGORY, archived: true, limit: 1 }),
      // The others are of use without payments, too.
      this.bus.ask(payments.webhooks, { limit: 1 }).catch(() => undefined),
    ]);
    const [user] = users.items;
    const [product] = archived.items;
    return {
      ...(user && { userId: user.id }),
      demoUserId: user?.id,
      deadLetterId: dead.items[0]?.id,
      deadMailId: deadMails.items[0]?.id,
      webhookId: webhooks?.items[0]?.id,
      ...(product && { archivedProductId: product.id }),
    };
  }
}
