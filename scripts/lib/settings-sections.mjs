import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { Failure } from './failure.mjs';
import { launcherSettings } from './launcher-settings.mjs';
import { root } from './settings.mjs';

/**
 * @typedef {object} Setting
 * @property {string} name
 * @property {string | undefined} fallback undefined where it is worked out; its meaning then says how
 * @property {string} meaning
 */
/** @typedef {{ title: string, settings: Setting[] }} Section */

/** Whose section says what a setting means that several read: the first. */
const ORDER = ['libs/platform', 'apps/auth', 'apps/gateway'];

/** @returns {Section[]} of the launcher, of every process, and of each app */
export function readSections() {
  const files = ['libs', 'apps']
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith('.config.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
  return [
    { title: 'Starting', settings: launcherSettings },
    ...files
      .map((file) => ({ title: titleOf(file), settings: settingsIn(file) }))
      .filter(({ settings }) => settings.length),
  ];
}

/** @param {string} file */
function rank(file) {
  const place = ORDER.findIndex((folder) => file.startsWith(folder));
  return place < 0 ? ORDER.length : place;
}

/** @param {string} file */
const titleOf = (file) =>
  file.startsWith('libs/platform') ? 'Every process' : (/^apps\/(.+?)\//.exec(file)?.[1] ?? file);

/** @param {string} file @returns {Setting[]} the fields of its classes @throws {Failure} for one that says nothing */
function settingsIn(file) {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
  return source.statements
    .filter(ts.isClassDeclaration)
    .flatMap(({ members }) => [...members].filter(ts.isPropertyDeclaration))
    .map((field) => ({
      name: field.name.getText(),
      fallback: valueOf(field.initializer),
      meaning: ts
        .getJSDocCommentsAndTags(field)
        .map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? '')
        .join(' ')
        .replace(/\s+/g, ' ')
        .trim(),
    }))
    .map((setting) => {
      if (setting.meaning) return setting;
      throw new Failure(`${setting.name} in ${file} has no docstring.`, 'say what it means, its unit and its trap');
    });
}

/** @param {ts.Expression | undefined} expression @returns {string | undefined} a literal as it is written in a file */
function valueOf(expression) {
  if (!expression || expression.getText() === 'undefined') return '';
  if (ts.isNumericLiteral(expression)) return expression.text.replaceAll('_', '');
  if (ts.isStringLiteral(expression)) return expression.text;
  if (/^(true|false)$/.test(expression.getText())) return expression.getText();
  return undefined;
}
