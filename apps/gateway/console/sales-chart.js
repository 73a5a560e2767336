import { html } from 'lit';
import { PageElement } from './element.js';
import { money, roughMoney } from './format.js';

const HEIGHT = 240;
/** A classical script of the page: it is a third of the size of the module. @type {any} */
const uPlot = Reflect.get(window, 'uPlot');
const dark = matchMedia('(prefers-color-scheme: dark)');

/** Revenue as bars, orders as a line, over the same time. */
class SalesChart extends PageElement {
  static properties = { points: { attribute: false }, currency: {} };

  constructor() {
    super();
    /** @type {{ at: string, revenue: number, ordersByStatus: Record<string, number> }[]} */
    this.points = [];
    this.currency = 'USD';
    /** @type {any} */
    this.plot = undefined;
    this.drawn = '';
    this.onSize = new ResizeObserver(() => this.#fit());
    this.onTheme = () => this.#draw(true);
  }

  connectedCallback() {
    super.connectedCallback();
    dark.addEventListener('change', this.onTheme);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    dark.removeEventListener('change', this.onTheme);
    this.onSize.disconnect();
    this.plot?.destroy();
    this.plot = undefined;
  }

  updated() {
    this.#draw(false);
  }

  /** @returns {HTMLElement | null} */
  get #place() {
    return this.querySelector('.chart');
  }

  get #data() {
    const placed = (/** @type {Record<string, number>} */ statuses) =>
      Object.values(statuses).reduce((a, b) => a + b, 0);
    return [
      this.points.map(({ at }) => Date.parse(at) / 1_000),
      this.points.map(({ revenue }) => revenue),
      this.points.map(({ ordersByStatus }) => placed(ordersByStatus)),
    ];
  }

  /** @param {boolean} anew colours are read when the chart is made */
  #draw(anew) {
    const place = this.#place;
    if (!place || this.points.length === 0) return;
    if (this.plot && !anew) return void this.plot.setData(this.#data);
    this.plot?.destroy();
    this.plot = new uPlot(this.#options(place), this.#data, place);
    this.onSize.disconnect();
    this.onSize.observe(place);
  }

  #fit() {
    const width = this.#place?.clientWidth ?? 0;
    if (this.plot && width > 0 && width !== this.plot.width) this.plot.setSize({ width, height: HEIGHT });
  }

  /** @param {HTMLElement} place */
  #options(place) {
    const style = getComputedStyle(place);
    const colour = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
    const axis = { stroke: colour('muted'), grid: { stroke: colour('line'), width: 1 }, ticks: { show: false } };
    return {
      width: place.clientWidth,
      height: HEIGHT,
      padding: [12, 0, 0, 0],
      cursor: { points: { size: 7 }, drag: { x: false, y: false } },
      scales: { x: { range: halfAStepMore }, y: { range: fromNothing }, orders: { range: fromNothing } },
      axes: [
        { ...axis, grid: { show: false }, values: moments },
        {
          ...axis,
          size: 64,
          values: (/** @type {any} */ _u, /** @type {number[]} */ ticks) =>
            ticks.map((t) => roughMoney(t, this.currency)),
        },
        { ...axis, scale: 'orders', side: 1, size: 48, grid: { show: false } },
      ],
      series: [
        {
          value: (/** @type {any} */ _u, /** @type {number | null} */ at) =>
            at === null ? '–' : day.format(at * 1_000),
        },
        {
          label: 'Revenue',
          stroke: colour('accent'),
          fill: colour('accent'),
          width: 0,
          paths: uPlot.paths.bars({ size: [0.66, 48], radius: 0.15 }),
          points: { show: false },
          value: (/** @type {any} */ _u, /** @type {number | null} */ value) =>
            value === null ? '–' : money(value, this.currency),
        },
        { label: 'Orders', scale: 'orders', stroke: colour('standard'), width: 2, points: { show: true, size: 5 } },
      ],
    };
  }

  render() {
    return html`<div class="chart" role="img" aria-label="Revenue and orders over time"></div>`;
  }
}

/** The first and the last bar are as wide as the others. @param {{ data: number[][] }} plot @param {number} first @param {number} last */
function halfAStepMore({ data: [times] }, first, last) {
  const step = times.length > 1 ? times[1] - times[0] : 3_600;
  return [first - step / 2, last + step / 2];
}

/** Hours while they are told apart, days otherwise. @param {any} _u @param {number[]} ticks @param {number} _i @param {number} _s @param {number} step */
const moments = (_u, ticks, _i, _s, step) =>
  ticks.map((at) => (step < 86_400 && at % 86_400 !== midnight ? hour : date).format(at * 1_000));

const hour = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
/** When a day begins here, in seconds of UTC. */
const midnight = (new Date().setHours(0, 0, 0, 0) / 1_000) % 86_400;

/** Both scales begin at nothing, and end a little above the most there was. */
const fromNothing = (/** @type {any} */ _u, /** @type {number} */ _least, /** @type {number} */ most) => [
  0,
  (most || 1) * 1.15,
];

customElements.define('sales-chart', SalesChart);
