import { createReadStream } from 'node:fs';
import { TextDecoder } from 'node:util';
import { Failure, messageOf } from './failure.mjs';

/** In characters. No row is so long; a file that has no lines at all must not fill the memory. */
const MAX_LINE = 1_000_000;

/**
 * The text of a file, piece by piece, without its byte order mark.
 * @param {string} file
 * @returns {AsyncGenerator<string>}
 * @throws {Failure} where it cannot be read, or is not UTF-8: replacing what is not understood would spoil names silently
 */
export async function* textOf(file) {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const bytes of createReadStream(file)) yield decoder.decode(bytes, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if (error instanceof TypeError) throw new Failure(`${file} is not UTF-8.`, 'save it as "CSV UTF-8", or as JSON');
    throw new Failure(`${file} cannot be read: ${messageOf(error)}.`);
  }
}

/**
 * @param {string} file
 * @returns {AsyncGenerator<{ line: number, text: string }>} its lines, from 1, without their line feeds
 * @throws {Failure} as `textOf`
 */
export async function* linesOf(file) {
  let line = 0;
  let rest = '';
  for await (const piece of textOf(file)) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) yield { line: ++line, text };
    if (rest.length > MAX_LINE)
      throw new Failure(`Line ${line + 1} of ${file} does not end.`, 'is it a list of products?');
  }
  if (rest !== '') yield { line: line + 1, text: rest };
}
