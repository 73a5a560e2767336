/**
 * Columns under each other.
 * @param {unknown[][]} rows the first are the headings
 * @param {{ right?: number[] }} [options] the columns that are figures
 */
export function table(rows, { right = [] } = {}) {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => String(row[column] ?? '').length)));
  const pad = (/** @type {unknown} */ cell, /** @type {number} */ column) => {
    const [text, width] = [String(cell ?? ''), widths[column] ?? 0];
    return right.includes(column) ? text.padStart(width) : text.padEnd(width);
  };
  return rows.map((row) => row.map(pad).join('   ').trimEnd()).join('\n');
}
