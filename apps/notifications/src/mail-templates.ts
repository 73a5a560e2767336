import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from 'handlebars';
import type { Letter, Shop } from './letter';
import { oneLine } from './one-line';

/** A mail as the customer reads it. */
export interface MailText {
  subject: string;
  text: string;
  html: string;
}

/** What a template may name. It is an error to name anything else, so that a slip of the pen is found by the first test. */
interface View extends Letter {
  shop: Shop;
  /** Where to choose which mails to get; not for those that everybody gets. */
  preferences?: string;
}

const NOTHING = { greeting: '', rows: [], sum: '', link: undefined, code: '', preferences: '' };

const htmlOf = template('letter.html.hbs', { noEscape: false });
const textOf = template('letter.text.hbs', { noEscape: true });

/** Everything in a letter may be somebody else's text: it is escaped in HTML, and cannot leave its line in plain text. */
export function renderLetter(letter: Letter, shop: Shop, preferences?: string): MailText {
  const rows = (letter.rows ?? []).map(({ what, price = '' }) => ({ what, price }));
  const [paragraphs, closing] = [letter.paragraphs, letter.closing].map((texts) => texts?.filter(Boolean) ?? []);
  const view = tidy({ ...NOTHING, ...letter, rows, paragraphs, closing, shop, ...(preferences && { preferences }) });
  return { subject: view.subject, text: textOf(view), html: htmlOf(view) };
}

function template(name: string, { noEscape }: { noEscape: boolean }) {
  const source = readFileSync(join(__dirname, 'templates', name), 'utf8');
  return compile<View>(source, { strict: true, knownHelpersOnly: true, noEscape });
}

/** Every text in it on one line. */
function tidy<T>(value: T): T {
  if (typeof value === 'string') return oneLine(value) as T;
  if (Array.isArray(value)) return value.map(tidy) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, tidy<unknown>(part)])) as T;
}
