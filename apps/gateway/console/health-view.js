import { html, nothing } from 'lit';
import { call, get, wordsOf } from './api.js';
import { WatchingElement } from './element.js';
import { ago, bounded, count, duration, megabytes, timeOf, words } from './format.js';

/** Lags and waits beyond these, in ms, are worth a colour. */
const SLOW_LOOP_MS = 100;
const OLD_DEBT_MS = 5_000;

/** What each debt of the outbox is, in words. */
const debts = /** @type {Record<string, string>} */ ({
  enqueue: 'to be put in the queue',
  tell: 'to be told',
  compensate: 'to give back what they took',
  restock: 'to be put on sale again',
  refund: 'to be paid out',
  commit: 'to be marked as sold',
});

/** How the suite is: its parts, its processes, what waits and what is owed, and whether everything adds up. */
class HealthView extends WatchingElement {
  static properties = { state: {}, problem: {}, counting: {} };

  constructor() {
    super();
    this.everyMs = 2_000;
    /** @type {any} */
    this.state = undefined;
    this.problem = '';
    this.counting = false;
  }

  async look() {
    try {
      this.state = (await get('/admin/operations')).data;
      this.problem = '';
    } catch (error) {
      this.problem = wordsOf(error);
    }
  }

  async #recount() {
    this.counting = true;
    try {
      const { data } = await call('GET', '/admin/audit');
      this.tell(data.sound ? 'Everything adds up' : 'Something does not add up', data.sound ? 'good' : 'bad');
      await this.look();
    } catch (error) {
      this.tell(wordsOf(error), 'bad');
    } finally {
      this.counting = false;
    }
  }

  render() {
    const problem = this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing;
    if (!this.state)
      return html`${problem}
        <p class="hint">Looking…</p>`;
    const { parts, processes, queues } = this.state;
    return html`
      ${problem}
      <ul class="parts" aria-label="Services and stores">
        ${[...parts, ...unasked(parts, processes)].map(
          (/** @type {any} */ { name, status, reason }) => html`
            <li class="card ${status}">
              <b>${name}</b><span>${status}${reason ? `: ${reason}` : ''}</span>
              <small>${replicas(processes, name)}</small>
            </li>
          `,
        )}
      </ul>
      <section class="card">
        <h2>Does it add up?</h2>
        ${this.#audit()}
      </section>
      <div class="columns">
        <section class="card">
          <h2>Queues</h2>
          <table>
            <thead>
              <tr>
                <th>Queue</th>
                <th class="number">Waiting</th>
                <th class="number">In hand</th>
                <th class="number">Later</th>
                <th class="number">Failed</th>
              </tr>
            </thead>
            <tbody>
              ${queues.map(
                (/** @type {any} */ queue) => html`
                  <tr>
                    <td>${queue.name}</td>
                    ${[queue.waiting, queue.active, queue.delayed, queue.failed].map(
                      (figure) => html`<td class="number">${count(figure)}</td>`,
                    )}
                  </tr>
                `,
              )}
            </tbody>
          </table>
        </section>
        <section class="card">
          <h2>Outbox</h2>
          ${this.#debts()}
        </section>
      </div>
      <section class="card">
        <h2>Processes <small>${processes.length}</small></h2>
        ${table(processes)}
      </section>
    `;
  }

  #debts() {
    if (!this.state.debtsKnown) return html`<p class="problem">It cannot be told just now what is owed.</p>`;
    return html`
      <table>
        <tbody>
          ${this.state.debts.map(
            (/** @type {any} */ { name, orders, oldestMs }) => html`
              <tr>
                <td>Orders ${debts[name] ?? words(name)}</td>
                <td class="number">${bounded(orders)}</td>
                <td class="number ${oldestMs > OLD_DEBT_MS ? 'bad' : ''}">
                  ${orders > 0 ? duration(oldestMs) : 'none'}
                </td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    `;
  }

  #audit() {
    const { lastAudit } = this.state;
    return html`
      <div class="actions">
        <button class="primary" ?disabled=${this.counting} @click=${() => this.#recount()}>
          ${this.counting ? 'Counting…' : 'Recount everything'}
        </button>
        ${
          lastAudit
            ? html`<span class="verdict ${lastAudit.sound ? 'good' : 'bad'}">
                ${lastAudit.sound ? 'Everything added up' : 'There was drift'} ${ago(lastAudit.at)}
              </span>`
            : html`<span class="hint">Nobody has recounted it yet.</span>`
        }
      </div>
      ${
        lastAudit
          ? html`<ul class="checks">
              ${lastAudit.checks.map(
                (/** @type {any} */ { title, checked, drifting, drifts }) => html`
                  <li class=${drifting ? 'bad' : 'good'}>
                    ${title} <small>${count(checked)} looked at${drifting ? `, ${count(drifting)} drift` : ''}</small>
                    ${drifts.map((/** @type {any} */ one) => html`<p><code>${one.subject}</code> ${one.detail}</p>`)}
                  </li>
                `,
              )}
            </ul>`
          : nothing
      }
    `;
  }
}

/** Those who answer nobody are there when they say so themselves. @param {any[]} parts @param {any[]} processes */
const unasked = (parts, processes) =>
  [...new Set(processes.map(({ service }) => service))]
    .filter((service) => !parts.some(({ name }) => name === service))
    .map((name) => ({ name, status: 'up' }));

/** @param {any[]} processes @param {string} name */
function replicas(processes, name) {
  const there = processes.filter(({ service }) => service === name).length;
  return there > 0 ? `${there} ${there === 1 ? 'replica' : 'replicas'}` : nothing;
}

/** @param {any[]} processes */
const table = (processes) => html`
  <div class="scroll">
    <table>
      <thead>
        <tr>
          <th>Service</th>
          <th>Host</th>
          <th class="number">Process</th>
          <th>Since</th>
          <th class="number">Event loop lag</th>
          <th class="number">Busy</th>
          <th class="number">Memory</th>
        </tr>
      </thead>
      <tbody>
        ${processes.map(
          (one) => html`
            <tr>
              <td>${one.service}</td>
              <td>${one.host}</td>
              <td class="number">${one.pid}</td>
              <td title=${one.startedAt}>${timeOf(one.startedAt)}</td>
              <td class="number ${one.loopLagMs > SLOW_LOOP_MS ? 'bad' : ''}">${one.loopLagMs.toFixed(1)} ms</td>
              <td class="number">${one.busy} %</td>
              <td class="number">${megabytes(one.memory)}</td>
            </tr>
          `,
        )}
      </tbody>
    </table>
  </div>
`;

customElements.define('health-view', HealthView);
