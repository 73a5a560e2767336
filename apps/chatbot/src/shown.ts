import type { Order, Product } from '@suite/contracts';
import { formatMoney } from './money';

/**
 * What a model is shown, which is a service of somebody else's: what the answer to a question about an order needs, and
 * nothing of the person. No name, no address, no e-mail, no user id.
 */

const MAX_ITEMS = 10;
const MAX_DESCRIPTION = 300;

const money = (minorUnits: number, currency: string) => formatMoney(minorUnits, currency);

export const shownOrder = (order: Order) => ({
  number: order.number,
  status: order.status,
  placedAt: order.createdAt,
  items: order.items.slice(0, MAX_ITEMS).map(({ name, quantity, lineTotal, shipped, refunded }) => ({
    name,
    quantity,
    total: money(lineTotal, order.currency),
    shipped,
    refunded,
  })),
  furtherItems: Math.max(0, order.items.length - MAX_ITEMS),
  total: money(order.total, order.currency),
  payment: {
    method: order.payment.method,
    status: order.payment.status,
    refunded: money(order.payment.refunded, order.currency),
  },
  shipments: order.shipments
    .slice(-MAX_ITEMS)
    .map(({ carrier, trackingNumber, at }) => ({ carrier, trackingNumber, at })),
  ...(order.failure && { failure: order.failure.code }),
  ...(order.queue && { placeInLine: order.queue.position }),
  steps: order.history.filter(({ kind }) => kind === 'status').map(({ status, at }) => ({ status, at })),
});

export const shownProduct = (product: Product) => ({
  id: product.id,
  sku: product.sku,
  name: product.name,
  description: product.description.slice(0, MAX_DESCRIPTION),
  category: product.category,
  price: money(product.price, product.currency),
  available: product.stock.available,
});
