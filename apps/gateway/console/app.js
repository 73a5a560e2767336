import { html, nothing } from 'lit';
import { get, keepSignedIn, signOut } from './api.js';
import { PageElement } from './element.js';
import { icon } from './icons.js';
import { live } from './live.js';
import { timeOf } from './format.js';
import './flow-view.js';
import './shop-view.js';
import './letters-view.js';
import './health-view.js';
import './demo-view.js';
import './order-story.js';

const views = {
  flow: { title: 'Flow', view: () => html`<flow-view></flow-view>` },
  shop: { title: 'Shop', view: () => html`<shop-view></shop-view>` },
  letters: { title: 'Dead letters', view: () => html`<letters-view></letters-view>` },
  health: { title: 'Health', view: () => html`<health-view></health-view>` },
  demo: { title: 'Demo', view: () => html`<demo-view></demo-view>` },
};
/** @typedef {keyof typeof views} ViewName */

const TOLD_MS = 6_000;

/** The frame of the console: where one is, whether it is live, and what was just said. */
class OrderConsole extends PageElement {
  static properties = { where: {}, profile: {}, demo: {}, told: {}, state: {}, dead: {} };

  constructor() {
    super();
    this.where = whereNow();
    /** @type {{ name: string, email: string } | undefined} */
    this.profile = undefined;
    this.demo = true;
    /** @type {{ text: string, mood: string } | undefined} */
    this.told = undefined;
    this.state = live.state;
    this.dead = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('hashchange', () => this.#go());
    this.addEventListener('tell', (event) => this.#show(/** @type {CustomEvent} */ (event).detail));
    live.addEventListener('change', () => {
      this.state = live.state;
      this.dead = live.flow?.dead ?? 0;
    });
    live.start();
    keepSignedIn();
    void this.#meet();
  }

  async #meet() {
    try {
      this.profile = await get('/auth/profile');
      const { data } = await get('/admin/demo');
      this.demo = data.enabled;
    } catch {
      setTimeout(() => void this.#meet(), 3_000);
    }
  }

  #go() {
    this.where = whereNow();
    this.querySelector('main')?.focus();
  }

  /** @param {{ text: string, mood: string }} told */
  #show(told) {
    this.told = told;
    setTimeout(() => this.told === told && (this.told = undefined), TOLD_MS);
  }

  render() {
    const names = /** @type {ViewName[]} */ (Object.keys(views)).filter((name) => name !== 'demo' || this.demo);
    return html`
      <a class="skip" href="#${this.where}" @click=${() => this.querySelector('main')?.focus()}>Skip to content</a>
      <nav aria-label="Sections">
        <div class="brand">${icon('brand')}<span>Order suite</span></div>
        ${names.map(
          (name) => html`
            <a href="#${name}" aria-current=${name === this.where ? 'page' : nothing}>
              ${icon(name)}<span>${views[name].title}</span>
              ${
                name === 'letters' && this.dead > 0
                  ? html`<b class="badge" aria-label="${this.dead} open">${this.dead}</b>`
                  : nothing
              }
            </a>
          `,
        )}
        <div class="who">
          <span title=${this.profile?.email ?? ''}>${this.profile?.name ?? ''}</span>
          <a href="/admin/queues">Queues</a>
          <button class="quiet" @click=${() => signOut()}>Log out</button>
        </div>
      </nav>
      <main tabindex="-1" class=${this.state === 'lost' ? 'stale' : ''}>
        <header>
          <h1>${views[this.where].title}</h1>
          ${this.#pulse()}
        </header>
        ${views[this.where].view()}
      </main>
      <order-story></order-story>
      <div class="told" role="status" aria-live="polite">
        ${this.told ? html`<p class=${this.told.mood}>${this.told.text}</p>` : nothing}
      </div>
    `;
  }

  #pulse() {
    if (this.state === 'live') return html`<span class="pulse live" role="status">live</span>`;
    if (this.state === 'connecting') return html`<span class="pulse" role="status">connecting…</span>`;
    const since = live.heardAt ? ` as of ${timeOf(new Date(live.heardAt).toISOString())}` : '';
    return html`<span class="pulse lost" role="status">reconnecting…${since}</span>`;
  }
}

/** @returns {ViewName} */
function whereNow() {
  const name = location.hash.slice(1).split('/')[0];
  return name in views ? /** @type {ViewName} */ (name) : 'flow';
}

customElements.define('order-console', OrderConsole);
