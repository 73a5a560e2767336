import { LitElement } from 'lit';

/** What all parts of the page have in common: they lie in the page itself, so that one style sheet is for all. */
export class PageElement extends LitElement {
  createRenderRoot() {
    return this;
  }

  /** Says something to the page around it. @param {string} name @param {unknown} [detail] */
  say(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }

  /** Shows the story of an order. @param {string} orderId */
  showStory(orderId) {
    this.say('show-story', { orderId });
  }

  /** A line at the foot of the page. @param {string} text @param {'good' | 'bad'} [mood] */
  tell(text, mood = 'good') {
    this.say('tell', { text, mood });
  }
}

/** A part that looks again and again while it is on the page and somebody looks at it. */
export class WatchingElement extends PageElement {
  /** How often, in ms. */
  everyMs = 5_000;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  connectedCallback() {
    super.connectedCallback();
    this.#timer = setInterval(() => document.hidden || void this.look(), this.everyMs);
    void this.look();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  /** @abstract @returns {Promise<void>} */
  async look() {}
}
