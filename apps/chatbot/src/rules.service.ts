import { Inject, Injectable } from '@nestjs/common';
import type { Order, Product } from '@suite/contracts';
import type { Exchange } from './conversations.service';
import { formatMoney } from './money';
import { cancellationOf, contentOf, deliveryOf, lineOf, paymentOf, statusOf } from './order-sentences';
import { POLICIES, type Policies } from './policies';
import { ProductFinder } from './product-finder';
import { orderNumberIn, readQuestion, type Question } from './question';
import type { Topic } from './question-words';
import { ShopService } from './shop.service';

const MAX_LISTED = 5;

const CAN_DO =
  'I can tell you how your orders stand, about their delivery, payment and cancellation, and whether a product is in ' +
  'stock. Name an order by its number, such as 0NK4-7Q9X-M2PB, or ask about your last one.';
const SIGN_IN = 'I can only look at the orders of whoever is signed in. Sign in and ask me again.';
const NO_ORDERS = 'You have not ordered anything yet.';

/** How an order is spoken of, by what was asked. */
const sentences: Partial<Record<Topic, (order: Order) => string>> = {
  status: contentOf,
  delivery: deliveryOf,
  cancellation: cancellationOf,
  payment: paymentOf,
  returns: paymentOf,
};

/** Answers from the data, by rules: without a model, and when it fails. What it does not know it says it does not know. */
@Injectable()
export class RulesService {
  private readonly finder = new ProductFinder((words, limit) => this.shop.products(words, limit));

  constructor(
    private readonly shop: ShopService,
    @Inject(POLICIES) private readonly policies: Policies,
  ) {}

  async answer(message: string, past: Exchange[]): Promise<string> {
    const question = readQuestion(message);
    switch (question.topic) {
      case 'greeting':
        return `Hello! ${CAN_DO}`;
      case 'thanks':
        return 'You are welcome!';
      case 'stock':
        return this.aboutProducts(question.words);
      case 'orders':
        return this.shop.isSignedIn ? this.listOrders() : SIGN_IN;
      case 'unknown':
        return this.guess(question);
      case 'status':
      case 'delivery':
      case 'cancellation':
      case 'payment':
      case 'returns':
        return this.aboutOrder(question, past);
    }
  }

  private async aboutOrder({ topic, order: named, meant }: Question, past: Exchange[]): Promise<string> {
    const policy = (this.policies as Partial<Record<Topic, string>>)[topic];
    const general = named === undefined && (meant === 'none' || !this.shop.isSignedIn);
    if (general && policy !== undefined) return policy;
    if (!this.shop.isSignedIn) return SIGN_IN;
    if (named === undefined) {
      const order = (meant !== 'last' && (await this.spokenOf(past))) || (await this.lastOrder());
      return order ? aboutOne(order, topic, policy) : NO_ORDERS;
    }
    const order = await this.shop.order(named);
    if (!order) return `Among your orders there is none with the number or id ${named}.`;
    return aboutOne(order, topic, policy);
  }

  /** The order that either side has named last. */
  private async spokenOf(past: Exchange[]): Promise<Order | undefined> {
    const last = past.findLast(({ message, reply }) => orderNumberIn(reply) ?? orderNumberIn(message));
    return last && this.shop.order(orderNumberIn(last.reply) ?? orderNumberIn(last.message)!);
  }

  /** The newest one; while it waits, with its place in line. */
  private async lastOrder(): Promise<Order | undefined> {
    const [order] = (await this.shop.orders({ limit: 1 })).items;
    return order?.status === 'PENDING' ? this.shop.order(order.id) : order;
  }

  private async listOrders(): Promise<string> {
    const { items, total } = await this.shop.orders({ limit: MAX_LISTED });
    if (total === 0) return NO_ORDERS;
    const head =
      total > items.length
        ? `You have ${total} orders. The newest are:`
        : `You have ${total === 1 ? 'one order' : `${total} orders`}:`;
    return [head, ...items.map((order) => `- ${lineOf(order)}`)].join('\n');
  }

  private async aboutProducts(words: string[]): Promise<string> {
    if (words.length === 0) return 'Which product do you mean? Tell me its name, or a part of it.';
    const { products, exact } = await this.finder.find(words);
    if (products.length === 0) return `I find no product for “${words.join(' ')}”. Try another word of its name.`;
    const lines = products.map(sentenceOf);
    return (exact ? lines : [`I find nothing that is quite “${words.join(' ')}”. What comes closest:`, ...lines]).join(
      '\n',
    );
  }

  /** What is about nothing that is known may still be the name of a product. */
  private async guess({ words }: Question): Promise<string> {
    const products = await this.finder.named(words);
    if (products.length > 0) return products.map(sentenceOf).join('\n');
    return `I am not sure what you mean, and I would rather not guess. ${CAN_DO}`;
  }
}

const sentenceOf = ({ name, sku, price, currency, stock: { available } }: Product): string =>
  `${name} (${sku}) costs ${formatMoney(price, currency)} and is ${available > 0 ? `in stock: ${available} available` : 'sold out just now'}.`;

function aboutOne(order: Order, topic: Topic, policy: string | undefined): string {
  const own = sentences[topic]?.(order) ?? '';
  return [statusOf(order), own, topic === 'returns' ? policy : ''].filter(Boolean).join(' ');
}
