import { html, nothing } from 'lit';
import { get, search, wordsOf } from './api.js';
import { WatchingElement } from './element.js';
import { count, dayOf, money, paymentOf, words } from './format.js';

const statuses = [
  'PENDING',
  'AWAITING_PAYMENT',
  'CONFIRMED',
  'SHIPPED',
  'DELIVERED',
  'FAILED',
  'CANCELLED',
  'REFUNDED',
];
const PAGE = 20;

/** Every order, newest first: to be filtered, leafed through, looked into, and taken away as a file. */
class OrdersTable extends WatchingElement {
  static properties = { filter: {}, orders: {}, total: {}, next: {}, more: {}, problem: {} };

  constructor() {
    super();
    this.everyMs = 3_000;
    /** @type {Record<string, string>} */
    this.filter = {};
    /** @type {any[] | undefined} */
    this.orders = undefined;
    this.total = 0;
    this.next = '';
    /** Pages beyond the first: while any is open, the list stands still. */
    this.more = false;
    this.problem = '';
    this.onChanged = () => this.#begin();
  }

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener('changed', this.onChanged);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('changed', this.onChanged);
  }

  async look() {
    if (!this.more) await this.#read();
  }

  #begin() {
    this.more = false;
    void this.#read();
  }

  async #read(cursor = '') {
    const { filter } = this;
    try {
      const { data, meta } = await get('/admin/orders', { ...filter, limit: PAGE, cursor });
      if (filter !== this.filter) return;
      this.orders = cursor === '' ? data : [...(this.orders ?? []), ...data];
      [this.total, this.next, this.problem] = [meta.total, meta.nextCursor ?? '', ''];
    } catch (error) {
      this.problem = wordsOf(error);
    }
  }

  /** @param {Event} event */
  #choose(event) {
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    this.filter = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));
    this.#begin();
  }

  render() {
    const { status, tier } = this.filter;
    return html`
      <section class="card">
        <div class="head">
          <h2>Orders <small>${this.orders ? count(this.total) : ''}</small></h2>
          <a class="button" href="/admin/orders/export.csv${search({ status, tier })}" download>Export CSV</a>
        </div>
        <form
          class="filters"
          @change=${(/** @type {Event} */ event) => this.#choose(event)}
          @submit=${(/** @type {Event} */ event) => (event.preventDefault(), this.#choose(event))}
        >
          <label>
            Status
            <select name="status">
              <option value="">any</option>
              ${statuses.map((status) => html`<option value=${status}>${words(status)}</option>`)}
            </select>
          </label>
          <label>
            Tier
            <select name="tier">
              <option value="">any</option>
              <option value="vip">VIP</option>
              <option value="standard">standard</option>
            </select>
          </label>
          <label>Number <input name="number" maxlength="40" autocomplete="off" placeholder="0NK4-7Q9X-M2PB" /></label>
        </form>
        ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing} ${this.#rows()}
      </section>
    `;
  }

  #rows() {
    if (this.orders === undefined) return html`<p class="hint">Reading…</p>`;
    if (this.orders.length === 0) return html`<p class="empty">No order is like this.</p>`;
    return html`
      <div class="scroll">
        <table class="list">
          <thead>
            <tr>
              <th>Number</th>
              <th>Placed</th>
              <th>Tier</th>
              <th>Status</th>
              <th>Payment</th>
              <th class="number">Total</th>
            </tr>
          </thead>
          <tbody>
            ${this.orders.map(
              (order) => html`
                <tr @click=${() => this.showStory(order.id)}>
                  <td>
                    <button class="link"><code>${order.number}</code></button>
                  </td>
                  <td>${dayOf(order.createdAt)}</td>
                  <td><i class="key ${order.tier}"></i>${order.tier === 'vip' ? 'VIP' : order.tier}</td>
                  <td><span class="status ${order.status.toLowerCase()}">${words(order.status)}</span></td>
                  <td>${paymentOf(order.payment)}</td>
                  <td class="number">${money(order.total, order.currency)}</td>
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
      ${
        this.next
          ? html`<button class="more" @click=${() => ((this.more = true), void this.#read(this.next))}>
              Show more
            </button>`
          : nothing
      }
      ${this.more ? html`<button class="quiet" @click=${() => this.#begin()}>Back to the newest</button>` : nothing}
    `;
  }
}

customElements.define('orders-table', OrdersTable);
