import { call } from './api.js';

const EVERY_MS = 1_000;
const PATIENCE_MS = 4_000;
const LONGEST_PAUSE_MS = 4_000;
const REMEMBERED = 2_000;

/** @typedef {{ orderId: string, number: string, tier: string, seq: number, status: string, previousStatus?: string, at: string }} Move */

/**
 * The flow as it is now, asked for once a second while somebody looks. It says `change` for each picture, and whether
 * the gateways can be reached; when they cannot, it goes on trying. Any gateway gives the same picture, so it does not
 * matter which one answers.
 */
class Live extends EventTarget {
  /** @type {'connecting' | 'live' | 'lost'} */
  state = 'connecting';
  /** @type {any} */
  flow;
  /** @type {Move[]} those of the newest picture that were not seen before */
  moves = [];
  /** @type {number | undefined} when it was heard last */
  heardAt;
  #failures = 0;
  /** @type {Set<string>} */
  #seen = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  start() {
    document.addEventListener('visibilitychange', () => document.hidden || this.#soon(0));
    window.addEventListener('online', () => this.#soon(0));
    this.#soon(0);
  }

  /** @param {number} ms */
  #soon(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), ms);
  }

  async #look() {
    if (document.hidden) return;
    try {
      const { data } = await call('GET', '/admin/flow', undefined, { patienceMs: PATIENCE_MS });
      this.#failures = 0;
      this.flow = data;
      this.heardAt = Date.now();
      this.moves = data.moves.filter((/** @type {Move} */ move) => this.#isNew(move));
      this.#say('live');
      this.#soon(EVERY_MS);
    } catch {
      this.moves = [];
      // One answer that is late is no outage.
      if (++this.#failures > 1 || this.state === 'connecting') this.#say('lost');
      this.#soon(Math.min(LONGEST_PAUSE_MS, 250 * 2 ** this.#failures));
    }
  }

  /** @param {Move} move */
  #isNew({ orderId, seq }) {
    const key = `${orderId}.${seq}`;
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    if (this.#seen.size > REMEMBERED) this.#seen.delete(this.#seen.values().next().value ?? '');
    return true;
  }

  /** @param {'live' | 'lost'} state */
  #say(state) {
    this.state = state;
    this.dispatchEvent(new Event('change'));
  }
}

export const live = new Live();
