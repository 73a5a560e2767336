import type { LowStockMail } from '@suite/contracts';
import type { Writer } from './letter';

const low: Writer<LowStockMail> = ({ productId, sku, name, available, threshold }, shop) => {
  const what = `${name} (${sku})`;
  return {
    subject: available === 0 ? `Sold out: ${what}` : `Low stock: ${available} left of ${what}`,
    lead: available === 0 ? `${what} is sold out.` : `${available} left of ${what}.`,
    link: { url: `${shop.url}/products/${productId}`, words: 'See the product' },
    closing: [
      `You hear of it once, when the stock falls to ${threshold} or below, and again after it has been filled up.`,
    ],
  };
};

/** To whoever runs the shop. */
export const stockLetters = { 'stock-low': low };
