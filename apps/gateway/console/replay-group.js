import { html, nothing } from 'lit';
import { call, wordsOf } from './api.js';
import { PageElement } from './element.js';

const MOST = 1_000;

/** Replays the open letters of one cause, at a pace: a cause that is not mended would kill the workers again. */
class ReplayGroup extends PageElement {
  static properties = { group: { attribute: false }, asking: {}, busy: {} };

  constructor() {
    super();
    /** @type {any} */
    this.group = undefined;
    this.asking = false;
    this.busy = false;
  }

  /** @param {SubmitEvent} event */
  async #replay(event) {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const { reason } = this.group;
    this.busy = true;
    try {
      const body = { reason, limit: Number(form.get('limit')), perSecond: Number(form.get('perSecond')) };
      const { data } = await call('POST', '/admin/dlq/replay', body);
      this.tell(`${data.scheduled} scheduled, ${body.perSecond} a second`);
      this.asking = false;
      this.say('changed');
    } catch (error) {
      this.tell(wordsOf(error), 'bad');
    } finally {
      this.busy = false;
    }
  }

  render() {
    const most = Math.min(MOST, this.group?.open ?? 1);
    return html`
      <button aria-expanded=${this.asking} @click=${() => (this.asking = !this.asking)}>Replay the group</button>
      ${
        this.asking
          ? html`<form class="say" @submit=${(/** @type {SubmitEvent} */ event) => this.#replay(event)}>
              <label>How many <input name="limit" type="number" min="1" max=${most} value=${most} required /></label>
              <label
                >How many a second <input name="perSecond" type="number" min="1" max="100" value="5" required
              /></label>
              <button class="primary" ?disabled=${this.busy}>Replay, the oldest first</button>
            </form>`
          : nothing
      }
    `;
  }
}

customElements.define('replay-group', ReplayGroup);
