import { html, nothing } from 'lit';
import { get, wordsOf } from './api.js';
import { WatchingElement } from './element.js';
import { ago, count, money, words } from './format.js';
import './dead-letter.js';
import './dead-mails.js';
import './replay-group.js';

const states = ['open', 'replayed', 'discarded'];
const PAGE = 20;

/** The desk: what died, of what, what is at stake, and what becomes of it. */
class LettersView extends WatchingElement {
  static properties = { groups: {}, reason: {}, state: {}, letters: {}, total: {}, next: {}, more: {}, problem: {} };

  constructor() {
    super();
    this.everyMs = 3_000;
    /** @type {any[] | undefined} */
    this.groups = undefined;
    this.reason = '';
    this.state = 'open';
    /** @type {any[]} */
    this.letters = [];
    this.total = 0;
    this.next = '';
    this.more = false;
    this.problem = '';
  }

  async look() {
    try {
      const { data } = await get('/admin/dlq/reasons');
      this.groups = data;
      if (!this.more) await this.#read();
      this.problem = '';
    } catch (error) {
      this.problem = wordsOf(error);
    }
  }

  async #read(cursor = '') {
    const { state, reason } = this;
    const { data, meta } = await get('/admin/dlq', { state, reason, limit: PAGE, cursor });
    if (state !== this.state || reason !== this.reason) return;
    this.letters = cursor === '' ? data : [...this.letters, ...data];
    [this.total, this.next] = [meta.total, meta.nextCursor ?? ''];
  }

  /** @param {{ state?: string, reason?: string }} which */
  #choose({ state = this.state, reason = this.reason }) {
    [this.state, this.reason, this.more] = [state, reason, false];
    void this.look();
  }

  render() {
    return html`
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      <section class="card">
        <h2>By cause</h2>
        ${this.#groups()}
      </section>
      <section class="card">
        <div class="head">
          <h2>
            ${this.reason || 'All causes'} <small>${count(this.total)} ${this.state}</small>
            ${this.reason ? html`<button class="quiet" @click=${() => this.#choose({ reason: '' })}>all causes</button>` : nothing}
          </h2>
          <div class="choice" role="group" aria-label="State">
            ${states.map(
              (state) => html`
                <button aria-pressed=${state === this.state} @click=${() => this.#choose({ state })}>${state}</button>
              `,
            )}
          </div>
        </div>
        ${this.#letters()}
      </section>
      <dead-mails></dead-mails>
    `;
  }

  #groups() {
    if (this.groups === undefined) return html`<p class="hint">Reading…</p>`;
    if (this.groups.length === 0)
      return html`<p class="empty good">Nothing is dead. Every order has found its end.</p>`;
    return html`
      <ul class="groups">
        ${this.groups.map(
          (group) => html`
            <li aria-current=${group.reason === this.reason ? 'true' : nothing}>
              <button class="link" @click=${() => this.#choose({ reason: group.reason, state: 'open' })}>
                ${words(group.reason)}
              </button>
              <p class="stakes">
                <b>${count(group.open)}</b> ${group.open === 1 ? 'order' : 'orders'} of
                <b>${count(group.customers)}</b> ${group.customers === 1 ? 'customer' : 'customers'},
                <b>${money(group.total, group.currency)}</b>
              </p>
              <p class="hint"><code>${group.error}</code> oldest ${ago(group.oldest)}, newest ${ago(group.newest)}</p>
              <replay-group .group=${group} @changed=${() => this.look()}></replay-group>
            </li>
          `,
        )}
      </ul>
    `;
  }

  #letters() {
    if (this.letters.length === 0) return html`<p class="empty">None is ${this.state}.</p>`;
    return html`
      <ul class="letters">
        ${this.letters.map(
          (letter) => html`<li><dead-letter .letter=${letter} @changed=${() => this.look()}></dead-letter></li>`,
        )}
      </ul>
      ${
        this.next
          ? html`<button class="more" @click=${() => ((this.more = true), void this.#read(this.next))}>
              Show more
            </button>`
          : nothing
      }
    `;
  }
}

customElements.define('letters-view', LettersView);
