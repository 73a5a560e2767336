import { html, nothing } from 'lit';
import { call, wordsOf } from './api.js';
import { PageElement } from './element.js';
import { money } from './format.js';

/** What can be done by hand to an order, by its status; the suite judges in the end. */
const possible = /** @type {Record<string, string[]>} */ ({
  PENDING: ['CANCELLED'],
  AWAITING_PAYMENT: ['CANCELLED'],
  CONFIRMED: ['SHIPPED', 'refund', 'CANCELLED'],
  SHIPPED: ['DELIVERED', 'refund'],
  DELIVERED: ['refund'],
});

const titles = /** @type {Record<string, string>} */ ({
  SHIPPED: 'Ship',
  DELIVERED: 'Mark as delivered',
  CANCELLED: 'Cancel order',
  refund: 'Refund',
});

/** Buttons that change an order, and what has to be said with each. */
class OrderActions extends PageElement {
  static properties = { order: { attribute: false }, chosen: {}, busy: {}, problem: {} };

  constructor() {
    super();
    /** @type {any} */
    this.order = undefined;
    this.chosen = '';
    this.busy = false;
    this.problem = '';
    /** @type {string} of what is about to be done, so that pressing twice does it once */
    this.key = '';
  }

  /** @param {string} action */
  #choose(action) {
    this.chosen = action === this.chosen ? '' : action;
    this.problem = '';
    this.key = crypto.randomUUID?.() ?? `console-${Date.now()}-${Math.random()}`;
  }

  /** @param {SubmitEvent} event */
  async #do(event) {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const said = Object.fromEntries([...form].filter(([, value]) => value !== ''));
    const { id, number } = this.order;
    const [action, key] = [this.chosen, this.key];
    this.busy = true;
    try {
      if (action === 'refund') {
        const { amount, reason } = said;
        const body = { ...(amount && { amount: Number(amount) }), ...(reason && { reason }) };
        await call('POST', `/admin/orders/${id}/refund`, body, { key });
      } else {
        await call('PATCH', `/admin/orders/${id}/status`, { status: action, ...said }, { key });
      }
      this.tell(`${titles[action]}: done for ${number}`);
      this.chosen = '';
      this.say('changed');
    } catch (error) {
      this.problem = wordsOf(error);
    } finally {
      this.busy = false;
    }
  }

  render() {
    const actions = possible[this.order?.status] ?? [];
    if (actions.length === 0) return nothing;
    return html`
      <div class="actions">
        ${actions.map(
          (action) => html`
            <button
              class=${action === 'CANCELLED' ? 'danger' : ''}
              aria-expanded=${this.chosen === action}
              @click=${() => this.#choose(action)}
            >
              ${titles[action]}
            </button>
          `,
        )}
      </div>
      ${
        actions.includes(this.chosen)
          ? html`<form class="say" @submit=${(/** @type {SubmitEvent} */ event) => this.#do(event)}>
              ${this.#fields()} ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
              <button class="primary" ?disabled=${this.busy}>Yes, ${titles[this.chosen].toLowerCase()}</button>
            </form>`
          : nothing
      }
    `;
  }

  #fields() {
    const { payment, total, currency } = this.order;
    const reason = html`<label>Reason <input name="reason" maxlength="500" /></label>`;
    switch (this.chosen) {
      case 'SHIPPED':
        return html`<label>Carrier <input name="carrier" maxlength="100" autofocus /></label>
          <label>Tracking number <input name="trackingNumber" maxlength="100" /></label>`;
      case 'refund':
        return html`<label>
            Amount, or all that is left (${money(total - payment.refunded, currency)})
            <input name="amount" type="number" min="0.01" step="0.01" max=${total - payment.refunded} />
          </label>
          ${reason}`;
      case 'CANCELLED':
        return reason;
      default:
        return nothing;
    }
  }
}

customElements.define('order-actions', OrderActions);
