import type { LowStockMail } from '@suite/contracts';
import { html } from '@suite/platform';
import type { Shop } from './mail-text';
import { oneLine } from './one-line';

/** To whoever runs the shop. */
export const stockTemplates = {
  'stock-low': ({ productId, sku, name, available, threshold }: LowStockMail, shop: Shop) => {
    const link = `${shop.url}/products/${productId}`;
    const what = `${oneLine(name)} (${oneLine(sku)})`;
    const news = available === 0 ? `${what} is sold out.` : `${available} left of ${what}.`;
    const why = `You hear of it once, when the stock falls to ${threshold} or below, and again after it has been filled up.`;
    return {
      subject: available === 0 ? `Sold out: ${what}` : `Low stock: ${available} left of ${what}`,
      text: [news, link, why],
      html: html`<p>${news}</p>
        <p><a href="${link}">See the product</a></p>
        <p>${why}</p>`,
    };
  },
};
