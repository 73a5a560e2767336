/** @typedef {'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8'} Invariant */

/**
 * @typedef {object} Violation
 * @property {Invariant} invariant
 * @property {string} what one sentence, the same for all that it is true of
 * @property {number} count of how many it is true
 * @property {string[]} examples the first of them: an id, and the figures that show it
 */

const EXAMPLES = 5;

/** Gathers what is wrong, so that a thousand oversold orders are one line. */
export class Findings {
  /** @type {Map<string, Violation>} */ #found = new Map();

  /** @param {Invariant} invariant @param {string} what @param {string} example */
  add(invariant, what, example) {
    const key = `${invariant} ${what}`;
    const violation = this.#found.get(key) ?? { invariant, what, count: 0, examples: [] };
    this.#found.set(key, violation);
    violation.count++;
    if (violation.examples.length < EXAMPLES) violation.examples.push(example);
  }

  /** @returns {Violation[]} by invariant */
  get all() {
    return [...this.#found.values()].sort((a, b) => (a.invariant < b.invariant ? -1 : 1));
  }
}

/** @param {Violation} violation @returns {string} `I2 sold, but … (3: a, b, c)` */
export const sentenceOf = ({ invariant, what, count, examples }) =>
  `${invariant} ${what} (${count}: ${examples.join(', ')}${count > examples.length ? ', …' : ''})`;
