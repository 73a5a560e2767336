import { Inject, Injectable } from '@nestjs/common';
import { orderStatuses, Problem } from '@suite/contracts';
import type { ChatCompletionFunctionTool } from 'openai/resources/chat/completions';
import { z } from 'zod';
import { POLICIES, type Policies } from './policies';
import { ShopService } from './shop.service';
import { shownOrder, shownProduct } from './shown';

interface Tool {
  name: string;
  /** What the model reads of it. */
  description: string;
  parameters: z.ZodType;
  /** Only for whoever is signed in: a stranger's model is not told that there are such tools, and cannot call them. */
  personal: boolean;
  run(parameters: unknown): Promise<object>;
}

const tool = <T>(
  one: Omit<Tool, 'run' | 'parameters'> & { parameters: z.ZodType<T>; run(parameters: T): Promise<object> },
) => one as Tool;

/**
 * All that a model can do: read, a little, what whoever asks may read anyway. A model may be talked into anything by what
 * it reads, so nothing depends on its good will: no tool takes a user, none changes anything, and what is called that is
 * not in this list is not there.
 */
@Injectable()
export class ToolsService {
  private readonly tools: readonly Tool[] = [
    tool({
      name: 'list_orders',
      description: "The customer's own orders, newest first, and how many there are in all.",
      parameters: z.strictObject({
        limit: z.int().min(1).max(10).default(3),
        status: z.enum(orderStatuses).optional(),
      }),
      personal: true,
      run: async (query) => {
        const { items, total } = await this.shop.orders(query);
        return { total, orders: items.map(shownOrder) };
      },
    }),
    tool({
      name: 'find_order',
      description: "One of the customer's own orders, by its number (such as 0NK4-7Q9X-M2PB) or its id.",
      parameters: z.strictObject({ order: z.string().min(1).max(100) }),
      personal: true,
      run: async ({ order: named }) => {
        const order = await this.shop.order(named);
        return order
          ? { order: shownOrder(order) }
          : { error: 'Among the orders of this customer there is none like that.' };
      },
    }),
    tool({
      name: 'search_products',
      description: 'Products in which all of the given words occur, with price and how many are available just now.',
      parameters: z.strictObject({ words: z.string().min(1).max(200) }),
      personal: false,
      run: async ({ words }) => ({ products: (await this.shop.products(words, MAX_PRODUCTS)).map(shownProduct) }),
    }),
    tool({
      name: 'shop_policies',
      description: 'What the shop does about cancellation, delivery, payment and returns.',
      parameters: z.strictObject({}),
      personal: false,
      run: () => Promise.resolve(this.policies),
    }),
  ];

  constructor(
    private readonly shop: ShopService,
    @Inject(POLICIES) private readonly policies: Policies,
  ) {}

  /** As the model is told of them. */
  offered(): ChatCompletionFunctionTool[] {
    return this.allowed().map(({ name, description, parameters }) => ({
      type: 'function',
      function: { name, description, parameters: z.toJSONSchema(parameters, { io: 'input' }) },
    }));
  }

  /** Never throws: what goes wrong is something that the model is told. */
  async call(name: string, written: string): Promise<object> {
    const tool = this.allowed().find((one) => one.name === name);
    if (!tool) return { error: 'There is no such tool.' };
    try {
      return await tool.run(tool.parameters.parse(JSON.parse(written || '{}')));
    } catch (error) {
      if (error instanceof SyntaxError) return { error: 'The parameters are not JSON.' };
      if (error instanceof z.ZodError) return { error: z.prettifyError(error) };
      return {
        error: Problem.from(error).kind === 'refused' ? 'This cannot be done.' : 'This is not available just now.',
      };
    }
  }

  private allowed(): readonly Tool[] {
    return this.tools.filter(({ personal }) => !personal || this.shop.isSignedIn);
  }
}

const MAX_PRODUCTS = 5;
