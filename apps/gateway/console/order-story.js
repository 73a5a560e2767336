import { html, nothing } from 'lit';
import { get, wordsOf } from './api.js';
import { PageElement } from './element.js';
import { dayOf, duration, money, paymentOf, timeOf, words } from './format.js';
import './order-actions.js';

const AGAIN_MS = 1_000;
/** What changes by itself, and soon. */
const MOVING = ['PENDING'];

/** The story of one order, over whatever was on the page. */
class OrderStory extends PageElement {
  static properties = { orderId: {}, story: {}, problem: {} };

  constructor() {
    super();
    this.orderId = '';
    /** @type {any} */
    this.story = undefined;
    this.problem = '';
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('hashchange', () => this.#dialog.close());
    document.addEventListener('show-story', (event) => {
      const { orderId } = /** @type {CustomEvent} */ (event).detail;
      this.orderId = orderId;
      this.story = undefined;
      this.#dialog.showModal();
      void this.#read();
    });
  }

  /** @returns {HTMLDialogElement} */
  get #dialog() {
    return /** @type {HTMLDialogElement} */ (this.querySelector('dialog'));
  }

  async #read() {
    const asked = this.orderId;
    this.problem = '';
    try {
      const { data } = await get(`/admin/orders/${asked}/story`);
      if (asked !== this.orderId) return;
      this.story = data;
      const again = MOVING.includes(data.order.status) || waiting(data.mails);
      if (again && this.#dialog.open) setTimeout(() => asked === this.orderId && void this.#read(), AGAIN_MS);
    } catch (error) {
      this.problem = wordsOf(error);
    }
  }

  #closed() {
    this.orderId = '';
    this.story = undefined;
  }

  render() {
    return html`
      <dialog aria-label="Story of an order" @close=${() => this.#closed()}>
        <form method="dialog"><button class="close" aria-label="Close">×</button></form>
        ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
        ${this.story ? this.#page(this.story) : this.problem ? nothing : html`<p class="hint">Reading…</p>`}
      </dialog>
    `;
  }

  /** @param {any} story */
  #page({ order, mails, letters, ...story }) {
    return html`
      <header>
        <h2><code>${order.number}</code></h2>
        <span class="status ${order.status.toLowerCase()}">${words(order.status)}</span>
        <span><i class="key ${order.tier}"></i>${order.tier === 'vip' ? 'VIP' : order.tier}</span>
        <b>${money(order.total, order.currency)}</b>
      </header>
      ${order.failure ? html`<p class="problem">${order.failure.message}</p>` : nothing}
      ${order.queue ? html`<p class="hint">About number ${order.queue.position} in its lane.</p>` : nothing}
      <order-actions .order=${order} @changed=${() => this.#read()}></order-actions>
      <h3>History</h3>
      <ol class="history">
        ${order.history.map((/** @type {any} */ entry, /** @type {number} */ i) => moment(entry, order.history[i - 1]))}
      </ol>
      <h3>Lines</h3>
      <table>
        <tbody>
          ${order.items.map(
            (/** @type {any} */ item) => html`
              <tr>
                <td>${item.quantity} × ${item.name}</td>
                <td class="number">${money(item.lineTotal, order.currency)}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
      <h3>Payment</h3>
      <p>
        ${paymentOf(order.payment)}${
          order.payment.refunded > 0 ? html`; ${money(order.payment.refunded, order.currency)} refunded` : nothing
        }
        ${order.payment.reference ? html`<code>${order.payment.reference}</code>` : nothing}
      </p>
      <h3>Mails</h3>
      ${
        mails.length === 0
          ? html`<p class="hint">None is kept.</p>`
          : html`<ul class="plain">
              ${mails.map((/** @type {any} */ mail) => html`<li>${words(mail.kind)} to ${mail.to}: ${mail.state}</li>`)}
            </ul>`
      }
      ${
        order.notes?.length
          ? html`<h3>Notes</h3>
              <ul class="plain">
                ${order.notes.map((/** @type {any} */ note) => html`<li>${dayOf(note.at)}: ${note.text}</li>`)}
              </ul>`
          : nothing
      }
      <h3>Attempts</h3>
      <p>
        Taken up
        ${times(story.claims)}${story.crashes ? `, ${times(story.crashes)} in vain since its worker died` : ''}${
          story.replays ? `, replayed ${times(story.replays)}` : ''
        }.
        ${story.promotedAt ? html`Moved before all others at ${timeOf(story.promotedAt)}, having waited so long.` : nothing}
      </p>
      ${letters.map((/** @type {any} */ letter) => html`<p class="problem"><code>${letter.error}</code> ${letter.state}</p>`)}
      <p class="hint">Request <code>${story.requestId}</code>: it stands in all log lines of this order.</p>
    `;
  }
}

/** @param {any} entry @param {any} before */
const moment = (entry, before) => html`
  <li class=${entry.status.toLowerCase()}>
    <b>${entry.kind === 'status' ? words(entry.status) : words(entry.kind)}</b>
    <time
      >${dayOf(entry.at)}${before ? html` · after ${duration(Date.parse(entry.at) - Date.parse(before.at))}` : nothing}</time
    >
    ${entry.reason ? html`<span>${entry.reason}</span>` : nothing}
  </li>
`;

/** @param {{ state: string }[]} mails */
const waiting = (mails) => mails.some(({ state }) => state === 'pending' || state === 'sending');

/** @param {number} figure */
const times = (figure) => (figure === 1 ? 'once' : figure === 2 ? 'twice' : `${figure} times`);

customElements.define('order-story', OrderStory);
