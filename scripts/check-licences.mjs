/**
 * Every package that is installed has a licence under which a shop may run, change and sell what is built on it: one of
 * a list, read from the package itself. A package that does not say, or says something else, is named; whoever has read
 * its licence adds it to the list or takes the package out.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const ALLOWED = new Set([
  ...['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0'],
  ...['CC0-1.0', 'CC-BY-4.0', 'Python-2.0', 'Unlicense', 'Zlib'],
]);

/** Read by hand, because what they say is not where it belongs. @type {Record<string, string>} */
const KNOWN = {
  pause: 'MIT', // in its README
};

/** @typedef {{ name?: string, version?: string, license?: unknown, licenses?: unknown }} Manifest */

/** @param {Manifest} manifest @returns {string} an SPDX expression, or nothing */
function licenceOf({ name = '', license, licenses }) {
  const said = license ?? licenses;
  const all = (Array.isArray(said) ? said : [said]).map((one) => (typeof one === 'string' ? one : one?.type));
  return all.filter(Boolean).join(' OR ') || (KNOWN[name] ?? '');
}

/**
 * Of alternatives one must be allowed, of what holds together each.
 * @param {string} expression
 */
export const isAllowed = (expression) =>
  expression
    .split(/ OR /)
    .some((choice) => choice.split(/ AND /).every((id) => ALLOWED.has(id.replace(/[()]/g, '').trim())));

/** @param {Iterable<Manifest>} manifests @returns {string[]} what is wrong */
export function faultsOf(manifests) {
  const faults = [];
  for (const manifest of manifests) {
    const { name, version } = manifest;
    const licence = licenceOf(manifest);
    if (!licence) faults.push(`${name}@${version} names no licence`);
    else if (!isAllowed(licence)) faults.push(`${name}@${version} is under ${licence}`);
  }
  return faults;
}

/** @param {string} folder a node_modules @returns {Generator<Manifest>} */
function* installedIn(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.name.startsWith('@')) {
      yield* installedIn(path);
      continue;
    }
    const manifest = read(join(path, 'package.json'));
    if (manifest?.name && manifest.version) yield manifest;
    if (readdirSync(path).includes('node_modules')) yield* installedIn(join(path, 'node_modules'));
  }
}

/** @param {string} file @returns {Manifest | undefined} */
function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const faults = faultsOf(installedIn('node_modules'));
  for (const fault of faults) console.error(`✖ ${fault}`);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
