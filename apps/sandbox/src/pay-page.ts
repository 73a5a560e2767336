import { html, type Html } from '@suite/platform';
import { page } from './page';
import type { Bill, Deed, Desk } from './till.service';

const NAMES: Record<Desk, string> = { stripe: 'Stripe', intent: 'Stripe', paypal: 'PayPal' };

/** As the page of the inbox, but that its form leads back to the shop, wherever that is. */
export const PAY_POLICY = (policy: string): string => policy.replace("form-action 'self'", 'form-action *');

const price = ({ amount, currency }: Bill): string => `${(amount / 100).toFixed(2)} ${currency.toUpperCase()}`;

const button = (deed: Deed, text: string): Html => html`<button name="deed" value="${deed}">${text}</button>`;

/** The page where a customer pays, or does something else. */
export function payPage(bill: Bill, trouble?: string): string {
  const { desk, status, open, leftUrl } = bill;
  return page(
    `Pay ${price(bill)}`,
    html`<header><h1>${NAMES[desk]} sandbox</h1></header>
      <p>No real money moves here.</p>
      ${trouble !== undefined && html`<p role="alert">${trouble}</p>`}
      <dl>
        <dt>To pay</dt>
        <dd>${price(bill)}</dd>
        <dt>For order</dt>
        <dd>${bill.orderId}</dd>
        <dt>State</dt>
        <dd id="status">${status}</dd>
      </dl>
      ${
        open
          ? html`<form method="post">
              ${button('pay', 'Pay')} ${button('decline', 'Pay with a card that is declined')}
              ${desk === 'paypal' && button('refuse', 'Pay, and let the bank refuse it later')}
            </form>`
          : html`<p>There is nothing to pay here any more.</p>
              <form method="post">${button('late', 'Pay late all the same')}</form>`
      }
      ${leftUrl && html`<p><a href="${leftUrl}">Go back without paying</a></p>`}`,
  );
}

/** Where customers land after they have paid; a shop has a page of its own instead. */
export const returnedPage = (outcome: string): string =>
  page(
    'Back in the shop',
    html`<header><h1>Back in the shop</h1></header>
      <p>${outcome === 'paid' ? 'Thank you. Your order is on its way to being confirmed.' : 'Nothing was paid.'}</p>
      <p class="note">This page stands for yours: set SUCCESS_URL and CANCEL_URL.</p>`,
  );
