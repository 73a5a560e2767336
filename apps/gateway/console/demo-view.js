import { html, nothing } from 'lit';
import { call, get, wordsOf } from './api.js';
import { WatchingElement } from './element.js';
import { ago, count, duration } from './format.js';

const shows = [
  {
    kind: 'trickle',
    title: 'A calm minute',
    text: '90 orders, one and then another; some by VIPs, some that have yet to be paid.',
  },
  {
    kind: 'flash-sale',
    title: 'A flash sale',
    text: '300 buyers at once before 50 kettles. Afterwards every unit is recounted from the ledger.',
  },
  {
    kind: 'vip-lane',
    title: 'VIP against standard',
    text: '40 VIPs among 400 others, all at once. VIPs are served first; nobody else is forgotten.',
  },
];

/** Traffic to look at, while trying the suite. */
class DemoView extends WatchingElement {
  static properties = { state: {}, problem: {}, busy: {} };

  constructor() {
    super();
    this.everyMs = 1_000;
    /** @type {any} */
    this.state = undefined;
    this.problem = '';
    this.busy = false;
  }

  async look() {
    try {
      this.state = (await get('/admin/demo')).data;
      this.problem = '';
    } catch (error) {
      this.problem = wordsOf(error);
    }
  }

  /** @param {'POST' | 'DELETE'} method @param {object} [body] */
  async #ask(method, body) {
    this.busy = true;
    try {
      this.state = (await call(method, '/admin/demo', body)).data;
    } catch (error) {
      this.tell(wordsOf(error), 'bad');
    } finally {
      this.busy = false;
    }
  }

  render() {
    const running = this.state?.run?.state === 'running';
    return html`
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      <p class="hint">
        Buyers without accounts order products that are made for them and archived afterwards. One show at a time; never
        in production. See it in the <a href="#flow">flow</a>.
      </p>
      <div class="shows">
        ${shows.map(
          ({ kind, title, text }) => html`
            <section class="card">
              <h2>${title}</h2>
              <p>${text}</p>
              <button class="primary" ?disabled=${running || this.busy} @click=${() => this.#ask('POST', { kind })}>
                Start
              </button>
            </section>
          `,
        )}
      </div>
      ${this.state?.run ? this.#run(this.state.run) : nothing}
    `;
  }

  /** @param {any} run */
  #run(run) {
    const title = shows.find(({ kind }) => kind === run.kind)?.title;
    const decided = run.refused + run.confirmed + run.failed;
    const ended = run.endedAt ? `, ended ${ago(run.endedAt)}` : '';
    return html`
      <section class="card run" aria-live="polite">
        <div class="head">
          <h2>${title} <small>${run.state}${ended}</small></h2>
          ${
            run.state === 'running'
              ? html`<button class="danger" ?disabled=${this.busy} @click=${() => this.#ask('DELETE')}>Stop</button>`
              : nothing
          }
        </div>
        <progress max=${run.planned} .value=${Math.max(decided, run.accepted + run.refused)}></progress>
        <div class="tiles">
          ${[
            ['accepted', run.accepted],
            ['confirmed', run.confirmed],
            ['nothing left for', run.refused + run.failed],
          ].map(([name, figure]) => html`<div class="tile"><b>${count(Number(figure))}</b><span>${name}</span></div>`)}
        </div>
        ${run.proof ? proof(run.proof) : nothing} ${run.lanes.length > 0 ? lanes(run.lanes) : nothing}
        ${run.error ? html`<p class="problem">${run.error}</p>` : nothing}
      </section>
    `;
  }
}

/** @param {{ units: number, sold: number, balanced: boolean }} proof */
const proof = ({ units, sold, balanced }) => html`
  <p class="proof ${balanced && sold <= units ? 'good' : 'bad'}">
    <b>${sold} of ${units} sold, ${balanced ? 'balanced' : 'not balanced'}</b>
    <span>recounted from the ledger, line by line, against the stock and the confirmed orders</span>
  </p>
`;

/** @param {{ lane: string, orders: number, p50Ms: number, p95Ms: number }[]} all */
function lanes(all) {
  const longest = Math.max(...all.map(({ p95Ms }) => p95Ms), 1);
  return html`
    <ol class="bars">
      ${all.map(
        ({ lane, orders, p50Ms, p95Ms }) => html`
          <li>
            <span class="name"
              ><i class="key ${lane}"></i>${lane === 'vip' ? 'VIP' : lane}, ${count(orders)} orders</span
            >
            <span class="number">half within ${duration(p50Ms)}, 19 of 20 within ${duration(p95Ms)}</span>
            <span class="bar ${lane}"><i .style=${`width: ${Math.max(1, (100 * p50Ms) / longest)}%`}></i></span>
          </li>
        `,
      )}
    </ol>
  `;
}

customElements.define('demo-view', DemoView);
