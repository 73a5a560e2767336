import { OmitType, PickType } from '@nestjs/swagger';
import {
  IsId,
  IsListOf,
  IsOneOf,
  IsPrice,
  IsWhole,
  MAX_LINES,
  MAX_QUANTITY,
  OrderedLine,
  paymentMethods,
  PlaceOrder,
  Problem,
  type FieldError,
  type Wanted,
} from '@suite/contracts';
import { toMinorUnits } from './money';

/** What shops before this one called a payment by Stripe. */
const CREDIT_CARD = 'Credit Card';

export class OrderLineBody extends OmitType(OrderedLine, ['priceAtPurchase']) {
  @IsPrice({ optional: true, description: 'Refuse the order (PRICE_CHANGED) if it costs something else by now' })
  priceAtPurchase?: number;
}

/** One line (`stockId` or `productId`, `quantity`), or many (`items`); the options are the same for both. */
export class OrderBody extends PickType(PlaceOrder, ['shippingAddress', 'paymentFlow']) {
  @IsListOf(OrderLineBody, 1, MAX_LINES, { optional: true, description: 'Instead of the four fields of one line' })
  items?: OrderLineBody[];

  @IsId({ optional: true, description: 'Of the stock document; or name the product' })
  stockId?: string;

  @IsId({ optional: true })
  productId?: string;

  @IsWhole(1, MAX_QUANTITY, { optional: true, example: 1 })
  quantity?: number;

  @IsPrice({ optional: true, description: 'Refuse the order (PRICE_CHANGED) if it costs something else by now' })
  priceAtPurchase?: number;

  @IsOneOf([...paymentMethods, CREDIT_CARD], {
    optional: true,
    example: 'CASH_ON_DELIVERY',
    description: `\`CASH_ON_DELIVERY\` if absent; \`${CREDIT_CARD}\` is \`STRIPE\``,
  })
  paymentMethod?: string;
}

type OrderOptions = Pick<OrderBody, 'shippingAddress' | 'paymentMethod' | 'paymentFlow'>;

/** @throws Problem VALIDATION_FAILED unless it is one line or many, and each line is named by one id. */
export function placeOrderOf(body: OrderBody): PlaceOrder {
  const { items, stockId, productId, quantity, priceAtPurchase, ...options } = body;
  const errors: FieldError[] = [];
  const single = { stockId, productId, quantity, priceAtPurchase };
  if (items) {
    for (const [path, value] of Object.entries(single)) {
      if (value !== undefined) errors.push({ path, message: `${path} does not go together with items` });
    }
  } else if (quantity === undefined) errors.push({ path: 'quantity', message: 'quantity is needed, or items' });
  const lines = items ?? [single as OrderLineBody];
  lines.forEach((line, i) => errors.push(...namingErrors(line, items ? `items.${i}.stockId` : 'stockId')));
  if (errors.length > 0) throw new Problem('VALIDATION_FAILED', undefined, { errors });
  return { ...orderOptionsOf(options), items: lines.map(lineOf) };
}

/** What an order says beside its lines. */
export const orderOptionsOf = ({ paymentMethod, ...options }: OrderOptions): Omit<PlaceOrder, 'items'> => ({
  ...options,
  ...(paymentMethod !== undefined && {
    paymentMethod: (paymentMethod === CREDIT_CARD ? 'STRIPE' : paymentMethod) as PlaceOrder['paymentMethod'],
  }),
});

export const namingErrors = ({ stockId, productId }: Wanted, path: string): FieldError[] =>
  (stockId === undefined) === (productId === undefined)
    ? [{ path, message: 'a line is named by either stockId or productId' }]
    : [];

const lineOf = ({ stockId, productId, quantity, priceAtPurchase }: OrderLineBody): OrderedLine => ({
  ...(stockId !== undefined && { stockId }),
  ...(productId !== undefined && { productId }),
  quantity,
  ...(priceAtPurchase !== undefined && { priceAtPurchase: toMinorUnits(priceAtPurchase) }),
});
