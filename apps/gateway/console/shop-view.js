import { html } from 'lit';
import { get, wordsOf } from './api.js';
import { WatchingElement } from './element.js';
import { count, money, roughMoney } from './format.js';
import './sales-chart.js';
import './orders-table.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** What is looked at, and by which step. */
const spans = /** @type {const} */ ({
  day: { title: '24 hours', ms: DAY_MS, interval: 'hour' },
  week: { title: '7 days', ms: 7 * DAY_MS, interval: 'hour' },
  month: { title: '30 days', ms: 30 * DAY_MS, interval: 'day' },
});

/** What the shop earns, what sells, what runs low, and every order. */
class ShopView extends WatchingElement {
  static properties = { span: {}, summary: {}, points: {}, best: {}, low: {}, problem: {} };

  constructor() {
    super();
    this.everyMs = 5_000;
    /** @type {keyof typeof spans} */
    this.span = 'day';
    /** @type {any} */
    this.summary = undefined;
    /** @type {any[]} */
    this.points = [];
    /** @type {any[] | undefined} */
    this.best = undefined;
    /** @type {any[] | undefined} */
    this.low = undefined;
    this.problem = '';
  }

  async look() {
    const { span } = this;
    const { ms, interval } = spans[span];
    // From the beginning of an hour or a day, so that the first point is as whole as the others.
    const step = interval === 'hour' ? HOUR_MS : DAY_MS;
    const from = new Date((Math.floor((Date.now() - ms) / step) + 1) * step).toISOString();
    try {
      const [summary, series, best, low] = await Promise.all([
        get('/admin/analytics/summary', { from }),
        get('/admin/analytics/timeseries', { from, interval }),
        get('/admin/analytics/top-products', { from, limit: 6, by: 'revenue' }),
        get('/stock/low', { limit: 6 }),
      ]);
      if (span !== this.span) return;
      [this.summary, this.points, this.best, this.low] = [summary.data, series.data.points, best.data, low.data];
      this.problem = '';
    } catch (error) {
      this.problem = wordsOf(error);
    }
  }

  /** @param {keyof typeof spans} span */
  #choose(span) {
    this.span = span;
    void this.look();
  }

  render() {
    const names = /** @type {(keyof typeof spans)[]} */ (Object.keys(spans));
    const { currency = 'USD' } = this.summary ?? {};
    return html`
      <div class="choice" role="group" aria-label="Time">
        ${names.map(
          (name) => html`
            <button aria-pressed=${name === this.span} @click=${() => this.#choose(name)}>${spans[name].title}</button>
          `,
        )}
      </div>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : ''}
      <section class="tiles" aria-label="Figures">${this.#tiles()}</section>
      <section class="card">
        <h2>Revenue and orders</h2>
        <sales-chart .points=${this.points} .currency=${currency}></sales-chart>
      </section>
      <div class="columns">
        <section class="card">
          <h2>Sells best</h2>
          ${this.#best()}
        </section>
        <section class="card">
          <h2>Runs low</h2>
          ${this.#low()}
        </section>
      </div>
      <orders-table></orders-table>
    `;
  }

  #tiles() {
    const { revenue, currency, averageOrderValue, newUsers, ordersByStatus } = this.summary ?? {};
    const known = this.summary !== undefined;
    const placed = known ? Object.values(ordersByStatus).reduce((sum, figure) => sum + figure, 0) : 0;
    const tile = (/** @type {string} */ title, /** @type {() => string} */ figure) => html`
      <div class="tile"><b>${known ? figure() : '–'}</b><span>${title}</span></div>
    `;
    return [
      tile('revenue', () => (revenue >= 100_000 ? roughMoney(revenue, currency) : money(revenue, currency))),
      tile('orders', () => count(placed)),
      tile('average order', () => money(averageOrderValue, currency)),
      tile('new customers', () => count(newUsers)),
    ];
  }

  #best() {
    if (this.best === undefined) return html`<p class="hint">Counting…</p>`;
    if (this.best.length === 0) return html`<p class="empty">Nothing was sold in this time.</p>`;
    const most = this.best[0].revenue || 1;
    return html`
      <ol class="bars">
        ${this.best.map(
          ({ name, units, revenue, currency }) => html`
            <li>
              <span class="name">${name}</span>
              <span class="number">${count(units)} sold · ${money(revenue, currency)}</span>
              <span class="bar"><i .style=${`width: ${Math.max(1, (100 * revenue) / most)}%`}></i></span>
            </li>
          `,
        )}
      </ol>
    `;
  }

  #low() {
    if (this.low === undefined) return html`<p class="hint">Counting…</p>`;
    if (this.low.length === 0) return html`<p class="empty">There is enough of everything.</p>`;
    return html`
      <table>
        <tbody>
          ${this.low.map(
            ({ sku, name, stock }) => html`
              <tr>
                <td>${name} <code>${sku}</code></td>
                <td class="number ${stock.available === 0 ? 'bad' : 'warn'}">${count(stock.available)} left</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    `;
  }
}

customElements.define('shop-view', ShopView);
