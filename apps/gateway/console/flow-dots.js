import { waysOf } from './flow-layout.js';

const SVG = 'http://www.w3.org/2000/svg';
/** How long a dot takes for one way, and over which time those of one second are spread, in ms. */
const TRAVEL_MS = 900;
const SPREAD_MS = 900;
/** Beyond this many at once the eye sees a stream, and the browser works for nothing. */
const MAX_DOTS = 300;
/** Points of a curve that are computed once. */
const POINTS = 48;

/** So far beside their way, so that many are a stream and not a line. */
const ASIDE = 9;

/** @typedef {{ element: SVGCircleElement, ways: string[], beginsAt: number, aside: number }} Dot */

/** Orders that move through the picture, each a dot that can be clicked. */
export class FlowDots {
  /** @type {Dot[]} */
  #dots = [];
  /** @type {SVGCircleElement[]} those that can be used again */
  #spare = [];
  /** @type {Map<string, DOMPoint[]>} */
  #curves = new Map();
  #frame = 0;
  /** @type {SVGGElement} */
  #layer;

  /** @param {SVGGElement} layer @param {Iterable<SVGPathElement>} paths with `data-way` */
  constructor(layer, paths) {
    this.#layer = layer;
    for (const path of paths) {
      const step = path.getTotalLength() / POINTS;
      const points = Array.from({ length: POINTS + 1 }, (_, i) => path.getPointAtLength(i * step));
      this.#curves.set(path.dataset.way ?? '', points);
    }
  }

  /** @param {import('./live.js').Move[]} moves */
  add(moves) {
    const now = performance.now();
    moves.forEach((move, i) => {
      const ways = waysOf(move).map((way) => way.join('-'));
      if (ways.length === 0 || this.#dots.length >= MAX_DOTS) return;
      const element = this.#spare.pop() ?? document.createElementNS(SVG, 'circle');
      element.setAttribute('r', move.tier === 'vip' ? '6' : '5');
      element.setAttribute('class', `dot ${move.tier} ${move.status.toLowerCase()}`);
      element.dataset.order = move.orderId;
      element.setAttribute('visibility', 'hidden');
      this.#layer.append(element);
      const beginsAt = now + (i / moves.length) * SPREAD_MS;
      this.#dots.push({ element, ways, beginsAt, aside: (Math.random() - 0.5) * ASIDE });
    });
    if (this.#frame === 0 && this.#dots.length > 0) this.#frame = requestAnimationFrame((at) => this.#move(at));
  }

  clear() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    for (const { element } of this.#dots.splice(0)) element.remove();
  }

  /** @param {number} at */
  #move(at) {
    this.#dots = this.#dots.filter((dot) => this.#place(dot, at) || void this.#retire(dot.element));
    this.#frame = this.#dots.length > 0 ? requestAnimationFrame((next) => this.#move(next)) : 0;
  }

  /** @param {SVGCircleElement} element */
  #retire(element) {
    element.remove();
    this.#spare.push(element);
  }

  /** @param {Dot} dot @param {number} at */
  #place({ element, ways, beginsAt, aside }, at) {
    const travelled = (at - beginsAt) / TRAVEL_MS;
    if (travelled < 0) return true;
    const way = Math.floor(travelled);
    const points = this.#curves.get(ways[way]);
    if (!points) return false;
    const part = travelled - way;
    // Slow at both ends, as a thing that stops at each stage.
    const eased = part * part * (3 - 2 * part);
    const { x, y } = points[Math.round(eased * POINTS)];
    element.setAttribute('cx', String(x + aside));
    element.setAttribute('cy', String(y + aside));
    element.setAttribute('visibility', 'visible');
    return true;
  }
}
