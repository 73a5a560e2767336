import { parse } from 'csv-parse/sync';
import { Failure } from './failure.mjs';
import { linesOf } from './text-lines.mjs';

/** What the columns may be called; those of numbers are read as such. */
const COLUMNS = ['sku', 'name', 'description', 'category', 'imageUrl', 'price', 'initialStock', 'lowStockThreshold'];
const NUMBERS = ['price', 'initialStock', 'lowStockThreshold'];
const NUMBER = /^-?\d{1,15}(\.\d{1,10})?$/;
/** In characters: more than any row of a catalogue, and the most that a forgotten quote makes wait. */
const MAX_RECORD = 50_000;

/**
 * @typedef {object} Row
 * @property {number} line where it begins, from 1
 * @property {object} [row] as the API takes it
 * @property {string} [malformed] why it could not be read
 */
/** @typedef {{ line: number, text: string, quotes: number }} Line */
/** @typedef {{ line: number, cells?: string[] }} Record without cells: it could not be read */

/**
 * Rows of a CSV file (RFC 4180) with a header. An empty cell says nothing.
 * @param {string} file
 * @param {string} delimiter
 * @returns {AsyncGenerator<Row>}
 * @throws {Failure} when the header is not right
 */
export async function* csvRows(file, delimiter) {
  /** @type {string[] | undefined} */
  let columns;
  for await (const { line, cells } of recordsOf(file, delimiter)) {
    if (!columns) columns = checkedHeader(file, cells);
    else if (!cells) yield { line, malformed: 'its quotes do not match' };
    else if (cells.length !== columns.length)
      yield { line, malformed: `it has ${cells.length} cells, and the header ${columns.length}` };
    else yield { line, row: rowOf(columns, cells) };
  }
  if (!columns) checkedHeader(file, []);
}

/**
 * A record ends with the line in which its quotes match. One that cannot be read costs its first line only, and reading
 * goes on with the next: a forgotten quote does not swallow the file.
 * @param {string} file
 * @param {string} delimiter
 * @returns {AsyncGenerator<Record>}
 */
async function* recordsOf(file, delimiter) {
  /** @type {Line[]} */
  let open = [];
  for await (const { line, text } of linesOf(file)) {
    open.push({ line, text, quotes: text.split('"').length - 1 });
    open = yield* take(open, delimiter, MAX_RECORD);
  }
  yield* take(open, delimiter, 0);
}

/**
 * @param {Line[]} lines
 * @param {string} delimiter
 * @param {number} patience how many characters may wait for their quotes to match
 * @returns {Generator<Record, Line[]>} at last, the lines that go on waiting
 */
function* take(lines, delimiter, patience) {
  while (lines.length > 0) {
    const count = lengthOfFirst(lines);
    if (count === 0 && lines.reduce((sum, { text }) => sum + text.length, 0) <= patience) return lines;
    const [{ line }] = lines;
    const cells = cellsOf(lines.slice(0, count), delimiter);
    // A line with nothing in it is how spreadsheets end a table.
    if (!cells || cells.some((cell) => cell !== '')) yield { line, cells };
    lines = lines.slice(cells ? count : 1);
  }
  return lines;
}

/** @param {Line[]} lines @returns {number} how many lines the first record has; 0: its end is not among them */
function lengthOfFirst(lines) {
  let quotes = 0;
  return lines.findIndex((line) => (quotes += line.quotes) % 2 === 0) + 1;
}

/** @param {Line[]} lines of one record @param {string} delimiter @returns {string[] | undefined} */
function cellsOf(lines, delimiter) {
  if (lines.length === 0) return undefined;
  const text = lines
    .map((line) => line.text)
    .join('\n')
    .replace(/\r$/, '');
  try {
    const [cells = []] = parse(text, { delimiter, record_delimiter: '\n', relax_column_count: true });
    return cells;
  } catch {
    return undefined;
  }
}

/** @param {string} file @param {string[]} [cells] @returns {string[]} */
function checkedHeader(file, cells = []) {
  const columns = cells.map((cell) => cell.trim());
  const wrong = [
    ...(columns.includes('sku') ? [] : ['there is no column sku']),
    ...columns.filter((column) => !COLUMNS.includes(column)).map((column) => `"${column}" is none of them`),
    ...columns.filter((column, i) => columns.indexOf(column) < i).map((column) => `${column} is there twice`),
  ];
  if (wrong.length === 0) return columns;
  throw new Failure(
    `The header of ${file} is not right: ${wrong.join('; ')}.`,
    `columns are ${COLUMNS.join(', ')}; what is between them is said by --delimiter`,
  );
}

/** What should be a number and is none stays text, and is refused by name. @param {string[]} columns @param {string[]} cells */
function rowOf(columns, cells) {
  const named = columns.map((column, i) => /** @type {const} */ ([column, cells[i] ?? '']));
  return Object.fromEntries(
    named
      .filter(([, cell]) => cell !== '')
      .map(([column, cell]) => [column, NUMBERS.includes(column) && NUMBER.test(cell) ? Number(cell) : cell]),
  );
}
