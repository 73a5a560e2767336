/**
 * Something the reader can put right: shown as one line, what happened and what to do, without a stack. What is no
 * Failure is a fault of these scripts and keeps its stack.
 */
export class Failure extends Error {
  /**
   * @param {string} cause one sentence
   * @param {string} [fix] what to do about it
   * @param {string[]} [tail] the last lines of the log it was read from
   */
  constructor(cause, fix, tail = []) {
    super(cause);
    this.fix = fix;
    this.tail = tail;
  }

  /** The one line. */
  get line() {
    return this.fix ? `${this.message} Fix: ${this.fix}` : this.message;
  }
}

/** @param {unknown} error @returns {string} the message of whatever was thrown, on one line */
export const messageOf = (error) =>
  (error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/g, ' ').trim();

/**
 * Shows what went wrong.
 * @param {unknown} error
 * @param {(line: string) => void} [print]
 */
export function report(error, print = console.error) {
  if (!(error instanceof Failure))
    return print(error instanceof Error ? (error.stack ?? error.message) : String(error));
  for (const line of error.tail) print(`  | ${line}`);
  print(`✖ ${error.line}`);
}
