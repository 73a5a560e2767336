import { Tokenizer, TokenParser, TokenType } from '@streamparser/json';
import { messageOf } from './failure.mjs';
import { linesOf, textOf } from './text-lines.mjs';

/** @typedef {import('./csv-rows.mjs').Row} Row */

const OPENING = [TokenType.LEFT_BRACE, TokenType.LEFT_BRACKET];
const CLOSING = [TokenType.RIGHT_BRACE, TokenType.RIGHT_BRACKET];

/**
 * One object a line (NDJSON).
 * @param {string} file
 * @returns {AsyncGenerator<Row>}
 */
export async function* ndjsonRows(file) {
  for await (const { line, text } of linesOf(file)) {
    if (text.trim() === '') continue;
    try {
      yield rowOf(line, JSON.parse(text));
    } catch (error) {
      yield { line, malformed: `it is not JSON: ${messageOf(error)}` };
    }
  }
}

/**
 * The objects of one large array, while it is read. JSON that is broken cannot be read on: its place is the last row.
 * @param {string} file
 * @returns {AsyncGenerator<Row>}
 */
export async function* jsonRows(file) {
  const reader = new ArrayReader();
  for await (const text of textOf(file)) {
    yield* reader.read(text);
    if (reader.broken) return;
  }
  yield* reader.end();
}

/** Gives the elements of an array as they come, with the lines in which they begin. */
class ArrayReader {
  /** @type {Row[]} */ rows = [];
  broken = false;
  line = 1;
  begun = 1;
  depth = 0;
  tokens = 0;
  tokenizer = new Tokenizer();
  parser = new TokenParser({ paths: ['$.*'], keepStack: false });

  constructor() {
    this.tokenizer.onToken = (token) => this.onToken(token);
    this.parser.onValue = ({ value }) => this.rows.push(rowOf(this.begun, value));
    this.tokenizer.onError = this.parser.onError = (error) => this.giveUp(messageOf(error));
  }

  /** @param {string} text */
  *read(text) {
    for (const part of text.split(/(?<=\n)/)) {
      this.tokenizer.write(part);
      if (part.endsWith('\n')) this.line++;
      yield* this.rows.splice(0);
      if (this.broken) return;
    }
  }

  *end() {
    if (!this.parser.isEnded) this.giveUp('it ends too early');
    yield* this.rows.splice(0);
  }

  /** @param {import('@streamparser/json').ParsedTokenInfo} info */
  onToken(info) {
    const { token } = info;
    if (this.broken) return;
    if (this.tokens++ === 0 && token !== TokenType.LEFT_BRACKET) return this.giveUp('it does not begin with [');
    if (CLOSING.includes(token)) this.depth--;
    else if (this.depth === 1 && token !== TokenType.COMMA) this.begun = this.line;
    if (OPENING.includes(token)) this.depth++;
    this.parser.write(info);
  }

  /** @param {string} why */
  giveUp(why) {
    if (!this.broken) this.rows.push({ line: this.line, malformed: `the file cannot be read from here on: ${why}` });
    this.broken = true;
  }
}

/** @param {number} line @param {unknown} value @returns {Row} */
const rowOf = (line, value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { line, row: value }
    : { line, malformed: 'it is not an object' };
