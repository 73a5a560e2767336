import { html, nothing } from 'lit';
import { call, get, wordsOf } from './api.js';
import { PageElement } from './element.js';
import { ago, dayOf, money } from './format.js';

/** One dead letter: what it died of, who waits for it, what was done to it, and what can be. */
class DeadLetter extends PageElement {
  static properties = { letter: { attribute: false }, run: {}, asking: {}, busy: {} };

  constructor() {
    super();
    /** @type {any} */
    this.letter = undefined;
    /** @type {{ passes: boolean, code?: string, detail?: string } | undefined} */
    this.run = undefined;
    this.asking = false;
    this.busy = false;
  }

  /** @param {Map<string, any>} changed */
  willUpdate(changed) {
    // Lists move under their rows: what was said of one letter must not stand beside another.
    const before = changed.get('letter');
    if (before && before.id !== this.letter.id) [this.run, this.asking] = [undefined, false];
  }

  /** @param {() => Promise<string | void>} work what to tell when it is done */
  async #do(work) {
    this.busy = true;
    try {
      const said = await work();
      if (said) {
        this.tell(said);
        this.say('changed');
      }
    } catch (error) {
      this.tell(wordsOf(error), 'bad');
      this.say('changed');
    } finally {
      this.busy = false;
    }
  }

  #try() {
    return this.#do(async () => {
      this.run = (await get(`/admin/dlq/${this.letter.id}/dry-run`)).data;
    });
  }

  #replay() {
    const { id, number } = this.letter;
    return this.#do(async () => {
      await call('POST', `/admin/dlq/${id}/replay`);
      return `${number} is on its way again`;
    });
  }

  /** @param {SubmitEvent} event */
  #discard(event) {
    event.preventDefault();
    const { id, number } = this.letter;
    const reason = new FormData(/** @type {HTMLFormElement} */ (event.target)).get('reason');
    return this.#do(async () => {
      await call('DELETE', `/admin/dlq/${id}`, { reason });
      return `${number} is discarded`;
    });
  }

  render() {
    const { letter } = this;
    return html`
      <article>
        <header>
          <button class="link" @click=${() => this.showStory(letter.orderId)}><code>${letter.number}</code></button>
          <span><i class="key ${letter.tier}"></i>${letter.tier === 'vip' ? 'VIP' : letter.tier}</span>
          <b>${money(letter.total, letter.currency)}</b>
          <time>${ago(letter.at)}</time>
        </header>
        <p><code>${letter.error}</code></p>
        <details>
          <summary>
            ${letter.attempts} ${letter.attempts === 1 ? 'attempt' : 'attempts'}, ${letter.crashes}
            ${letter.crashes === 1 ? 'crash' : 'crashes'}, ${letter.replays}
            ${letter.replays === 1 ? 'replay' : 'replays'}
          </summary>
          <pre>${JSON.stringify(letter.payload, undefined, 2)}</pre>
          <p class="hint">Request <code>${letter.requestId}</code></p>
        </details>
        ${this.#audit()}
        ${letter.replayAt ? html`<p class="hint">Will be replayed at ${dayOf(letter.replayAt)}.</p>` : nothing}
        ${letter.state === 'open' ? this.#choices() : nothing}
      </article>
    `;
  }

  #audit() {
    const { audit } = this.letter;
    if (audit.length === 0) return nothing;
    return html`
      <ol class="audit" aria-label="What was done to it">
        ${audit.map(
          (/** @type {any} */ { action, at, by, reason }) => html`
            <li><b>${action}</b> ${dayOf(at)} by <code>${by.slice(-6)}</code> ${reason ?? nothing}</li>
          `,
        )}
      </ol>
    `;
  }

  #choices() {
    return html`
      <div class="actions">
        <button ?disabled=${this.busy} @click=${() => this.#try()}>Would it pass now?</button>
        <button class="primary" ?disabled=${this.busy} @click=${() => this.#replay()}>Replay</button>
        <button class="danger" aria-expanded=${this.asking} @click=${() => (this.asking = !this.asking)}>
          Discard
        </button>
        ${this.run ? verdict(this.run) : nothing}
      </div>
      ${
        this.asking
          ? html`<form class="say" @submit=${(/** @type {SubmitEvent} */ event) => this.#discard(event)}>
              <label>Why <input name="reason" maxlength="500" required /></label>
              <button class="danger" ?disabled=${this.busy}>Discard it</button>
            </form>`
          : nothing
      }
    `;
  }
}

/** @param {{ passes: boolean, code?: string, detail?: string }} run */
const verdict = ({ passes, code, detail }) =>
  passes
    ? html`<span class="verdict good" role="status">Yes, it would pass.</span>`
    : html`<span class="verdict bad" role="status">No: ${detail} <code>${code}</code></span>`;

customElements.define('dead-letter', DeadLetter);
