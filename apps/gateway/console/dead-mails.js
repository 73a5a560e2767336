import { html, nothing } from 'lit';
import { call, get, wordsOf } from './api.js';
import { WatchingElement } from './element.js';
import { ago, count, words } from './format.js';

const SHOWN = 20;

/** Mails that were given up: to whom, why, and whether to try them again. Where there are none, there is nothing to see. */
class DeadMails extends WatchingElement {
  static properties = { mails: {}, total: {}, asking: {}, busy: {} };

  constructor() {
    super();
    this.everyMs = 5_000;
    /** @type {any[]} */
    this.mails = [];
    this.total = 0;
    /** Of the one that is about to be discarded. */
    this.asking = '';
    this.busy = false;
  }

  async look() {
    try {
      const { data, meta } = await get('/admin/mails/dlq', { limit: SHOWN });
      [this.mails, this.total] = [data, meta.total];
    } catch {
      // The desk around it says that nothing can be reached.
    }
  }

  /** @param {() => Promise<string>} work what to tell when it is done */
  async #do(work) {
    this.busy = true;
    try {
      this.tell(await work());
      this.asking = '';
    } catch (error) {
      this.tell(wordsOf(error), 'bad');
    } finally {
      this.busy = false;
      await this.look();
    }
  }

  /** @param {any} mail */
  #replay({ id, to }) {
    return this.#do(async () => {
      await call('POST', `/admin/mails/dlq/${id}/replay`);
      return `The mail to ${to} is on its way again`;
    });
  }

  #replayAll() {
    return this.#do(async () => {
      const { data } = await call('POST', '/admin/mails/dlq/replay', {});
      return `${count(data.replayed)} mails are on their way again`;
    });
  }

  /** @param {any} mail @param {SubmitEvent} event */
  #discard({ id, to }, event) {
    event.preventDefault();
    const reason = new FormData(/** @type {HTMLFormElement} */ (event.target)).get('reason');
    return this.#do(async () => {
      await call('DELETE', `/admin/mails/dlq/${id}`, { reason });
      return `The mail to ${to} is discarded`;
    });
  }

  render() {
    if (this.mails.length === 0) return nothing;
    return html`
      <section class="card">
        <div class="head">
          <h2>Mails that were given up <small>${count(this.total)} open</small></h2>
          <button ?disabled=${this.busy} @click=${() => this.#replayAll()}>Send all again</button>
        </div>
        <ul class="letters">
          ${this.mails.map((mail) => html`<li>${this.#mail(mail)}</li>`)}
        </ul>
      </section>
    `;
  }

  /** @param {any} mail */
  #mail(mail) {
    return html`
      <article>
        <header><b>${words(mail.kind)}</b><span>to ${mail.to}</span><time>${ago(mail.at)}</time></header>
        <p><code>${mail.error}</code></p>
        <div class="actions">
          <button class="primary" ?disabled=${this.busy} @click=${() => this.#replay(mail)}>Send again</button>
          <button
            class="danger"
            aria-expanded=${this.asking === mail.id}
            @click=${() => (this.asking = this.asking === mail.id ? '' : mail.id)}
          >
            Discard
          </button>
        </div>
        ${
          this.asking === mail.id
            ? html`<form class="say" @submit=${(/** @type {SubmitEvent} */ event) => this.#discard(mail, event)}>
                <label>Why <input name="reason" maxlength="500" required /></label>
                <button class="danger" ?disabled=${this.busy}>Discard it</button>
              </form>`
            : nothing
        }
      </article>
    `;
  }
}

customElements.define('dead-mails', DeadMails);
