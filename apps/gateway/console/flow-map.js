import { html, svg, nothing } from 'lit';
import { PageElement } from './element.js';
import { FlowDots } from './flow-dots.js';
import { curve, narrow, ways, wide } from './flow-layout.js';
import { bounded, count, duration, rate } from './format.js';
import { live } from './live.js';

const small = matchMedia('(max-width: 720px)');
const calm = matchMedia('(prefers-reduced-motion: reduce)');

/** The stages as boxes, the ways between them, and the orders that take them. */
class FlowMap extends PageElement {
  static properties = { still: {}, layout: {}, flow: {} };

  constructor() {
    super();
    this.still = calm.matches;
    this.layout = small.matches ? narrow : wide;
    /** @type {any} */
    this.flow = live.flow;
    /** @type {FlowDots | undefined} */
    this.dots = undefined;
    this.onChange = () => this.#heard();
    this.onSize = () => (this.layout = small.matches ? narrow : wide);
  }

  connectedCallback() {
    super.connectedCallback();
    live.addEventListener('change', this.onChange);
    small.addEventListener('change', this.onSize);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    live.removeEventListener('change', this.onChange);
    small.removeEventListener('change', this.onSize);
    this.dots?.clear();
    this.dots = undefined;
  }

  #heard() {
    this.flow = live.flow;
    if (!this.still) this.dots?.add(live.moves);
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (!changed.has('layout') && this.dots) return;
    const layer = /** @type {SVGGElement | null} */ (this.querySelector('.dots'));
    if (!layer) return;
    this.dots?.clear();
    this.dots = new FlowDots(layer, this.querySelectorAll('path[data-way]'));
  }

  /** @param {MouseEvent} event */
  #clicked({ target }) {
    const { order } = /** @type {SVGElement} */ (target).dataset;
    if (order) this.showStory(order);
  }

  #toggle() {
    this.still = !this.still;
    if (this.still) this.dots?.clear();
  }

  render() {
    const { width, height } = this.layout;
    return html`
      <figure class="card map">
        <svg
          viewBox="0 0 ${width} ${height}"
          role="group"
          aria-label="Stages of orders"
          @click=${(/** @type {MouseEvent} */ event) => this.#clicked(event)}
        >
          ${ways.map((way) => svg`<path class="way" data-way=${way.join('-')} d=${curve(this.layout, way)} />`)}
          <g class="dots"></g>
          ${this.#boxes()}
        </svg>
        <figcaption>
          <span><i class="key vip"></i>VIP</span>
          <span><i class="key standard"></i>standard</span>
          ${this.flow?.oneOf > 1 ? html`<span>one order of ${this.flow.oneOf} is shown</span>` : nothing}
          <button class="quiet" aria-pressed=${this.still} @click=${() => this.#toggle()}>
            ${this.still ? 'Let orders move' : 'Hold still'}
          </button>
        </figcaption>
      </figure>
    `;
  }

  #boxes() {
    const { lanes = [], rates, today, ...flow } = this.flow ?? {};
    const lane = (/** @type {string} */ name) => lanes.find((/** @type {any} */ one) => one.lane === name);
    const laneNote = (/** @type {any} */ one) => (one?.measured ? `p50 ${duration(one.p50Ms)}` : 'nobody waits');
    const unknown = '–';
    return [
      this.#box('accepted', 'Accepted', rates ? rate(rates.accepted) : unknown, 'a second'),
      this.#lane('vip', 'VIP lane', lane('vip'), laneNote(lane('vip'))),
      this.#lane('standard', 'Standard lane', lane('standard'), laneNote(lane('standard'))),
      this.#box('stock', 'Stock', flow.active === undefined ? unknown : count(flow.active), 'in hand'),
      this.#box('payment', 'Payment', flow.dead === undefined ? unknown : bounded(flow.awaitingPayment), 'to be paid'),
      this.#box('confirmed', 'Confirmed', today ? count(confirmed(today)) : unknown, 'today'),
      this.#box(
        'failed',
        'Failed',
        today ? count(today.FAILED) : unknown,
        today?.CANCELLED ? `today, ${count(today.CANCELLED)} cancelled` : 'today',
      ),
      this.#box('dead', 'Dead letters', flow.dead === undefined ? unknown : bounded(flow.dead), 'open', flow.dead > 0),
    ];
  }

  /** @param {import('./flow-layout.js').Stage} stage @param {string} title @param {string} figure @param {string} note @param {boolean} [bad] */
  #box(stage, title, figure, note, bad = false) {
    const { x, y, w, h } = this.layout.boxes[stage];
    return svg`
      <g class="stage ${stage} ${bad ? 'bad' : ''}" transform="translate(${x} ${y})">
        <rect width=${w} height=${h} rx="14" />
        <text class="title" x="16" y="26">${title}</text>
        <text class="figure" x="16" y="60">${figure}</text>
        <text class="note" x="16" y="82">${note}</text>
      </g>
    `;
  }

  /** A lane is as full as its queue: by powers of ten, so that one order can be seen beside ten thousand. */
  #lane(
    /** @type {'vip' | 'standard'} */ stage,
    /** @type {string} */ title,
    /** @type {any} */ lane,
    /** @type {string} */ note,
  ) {
    const { x, y, w, h } = this.layout.boxes[stage];
    const pending = lane?.pending ?? 0;
    const full = Math.min(1, Math.log10(pending + 1) / 4);
    return svg`
      <g class="stage lane ${stage}" transform="translate(${x} ${y})">
        <rect width=${w} height=${h} rx="14" />
        <text class="title" x="16" y="26">${title}</text>
        <text class="figure" x="16" y="60">${lane ? bounded(pending) : '–'}</text>
        <text class="note" x="16" y="82">${pending > 0 ? `waiting · ${note}` : note}</text>
        <rect class="trough" x="16" y=${h - 20} width=${w - 32} height="6" rx="3" />
        <rect class="fill" x="16" y=${h - 20} width=${(w - 32) * full} height="6" rx="3" />
      </g>
    `;
  }
}

/** What was confirmed has gone on since. @param {Record<string, number>} today */
const confirmed = ({ CONFIRMED, SHIPPED, DELIVERED, REFUNDED }) => CONFIRMED + SHIPPED + DELIVERED + REFUNDED;

customElements.define('flow-map', FlowMap);
