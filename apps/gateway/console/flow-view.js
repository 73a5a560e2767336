import { html, nothing } from 'lit';
import { PageElement } from './element.js';
import { duration, rate, timeOf, words } from './format.js';
import { live } from './live.js';
import './flow-map.js';

const LISTED = 12;

/** The live picture, how long the lanes wait, and the orders that moved last. */
class FlowView extends PageElement {
  static properties = { flow: {}, recent: {} };

  constructor() {
    super();
    /** @type {any} */
    this.flow = live.flow;
    /** @type {import('./live.js').Move[]} */
    this.recent = [];
    this.onChange = () => this.#heard();
  }

  connectedCallback() {
    super.connectedCallback();
    live.addEventListener('change', this.onChange);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    live.removeEventListener('change', this.onChange);
  }

  #heard() {
    this.flow = live.flow;
    if (live.moves.length === 0) return;
    // Each order once, where it stands now.
    const newest = new Map(this.recent.map((move) => [move.orderId, move]));
    for (const move of live.moves) {
      newest.delete(move.orderId);
      newest.set(move.orderId, move);
    }
    this.recent = [...newest.values()].slice(-LISTED);
  }

  render() {
    const { rates } = this.flow ?? {};
    return html`
      <section class="tiles" aria-label="Rates">
        ${tile('accepted a second', rates?.accepted)} ${tile('confirmed a second', rates?.confirmed)}
        ${tile('failed a second', rates?.failed)} ${tile('cancelled a second', rates?.cancelled)}
      </section>
      <flow-map></flow-map>
      <div class="columns">
        <section class="card">
          <h2>Waits</h2>
          <p class="hint">From accepted to decided, of the last minute.</p>
          ${this.#waits()}
        </section>
        <section class="card">
          <h2>Just now</h2>
          ${
            this.recent.length === 0
              ? html`<p class="empty">No order has moved since you came here.</p>`
              : html`<ul class="orders">
                  ${[...this.recent].reverse().map((move) => this.#line(move))}
                </ul>`
          }
        </section>
      </div>
    `;
  }

  #waits() {
    const { lanes = [], standardMaxWaitMs: bound, delayed } = this.flow ?? {};
    return html`
      <table>
        <thead>
          <tr>
            <th>Lane</th>
            <th class="number">Half of them</th>
            <th class="number">19 of 20</th>
            <th class="number">Waits longest</th>
          </tr>
        </thead>
        <tbody>
          ${[...lanes].reverse().map(
            (/** @type {any} */ one) => html`
              <tr>
                <td><i class="key ${one.lane}"></i>${one.lane === 'vip' ? 'VIP' : one.lane}</td>
                <td class="number">${one.measured ? duration(one.p50Ms) : '–'}</td>
                <td class="number">${one.measured ? duration(one.p95Ms) : '–'}</td>
                <td class="number">${one.pending ? duration(one.oldestMs) : '–'}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
      ${bound ? bounds(lanes, bound) : nothing}
      ${delayed ? html`<p class="hint">${delayed} wait for their next attempt.</p>` : nothing}
    `;
  }

  /** @param {import('./live.js').Move} move */
  #line(move) {
    return html`
      <li>
        <button @click=${() => this.showStory(move.orderId)}>
          <i class="key ${move.tier}"></i>
          <code>${move.number}</code>
          <span class="status ${move.status.toLowerCase()}">${words(move.status)}</span>
          <time>${timeOf(move.at)}</time>
        </button>
      </li>
    `;
  }
}

/** @param {string} title @param {number | undefined} figure */
const tile = (title, figure) => html`
  <div class="tile"><b>${figure === undefined ? '–' : rate(figure)}</b><span>${title}</span></div>
`;

/** What standard customers are promised, whatever VIPs come. @param {any[]} lanes @param {number} bound */
function bounds(lanes, bound) {
  const oldest = lanes.find(({ lane }) => lane === 'standard')?.oldestMs ?? 0;
  return html`
    <label class="bound">
      <span>Longest standard wait: ${duration(oldest)} of at most ${duration(bound)}</span>
      <meter
        min="0"
        max=${bound}
        low=${bound * 0.5}
        high=${bound * 0.8}
        optimum="0"
        .value=${Math.min(oldest, bound)}
      ></meter>
    </label>
  `;
}

customElements.define('flow-view', FlowView);
