/**
 * The lock file has to install everywhere: every optional package that a package names (one for each platform, as with
 * native binaries) has to be in it, otherwise `npm ci` fails on the platforms left out. And it names no registry, so
 * that it installs through whichever one a machine is set to.
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/**
 * @param {{ packages: Record<string, { resolved?: string, link?: boolean, optionalDependencies?: Record<string, string> }> }} lock
 * @returns {string[]} what is wrong with it
 */
export function faultsOf({ packages }) {
  return Object.entries(packages).flatMap(([path, { resolved, link, optionalDependencies = {} }]) => [
    ...(resolved && !link ? [`${path} names its registry: ${resolved}`] : []),
    ...Object.keys(optionalDependencies)
      .filter((name) => !placesOf(path, name).some((place) => place in packages))
      .map((name) => `${path || 'package.json'} wants ${name}, which the lock file lacks`),
  ]);
}

/**
 * Where Node would look for a package: from the folder of who wants it upwards.
 * @param {string} path
 * @param {string} name
 */
function placesOf(path, name) {
  const folders = path
    .split('/node_modules/')
    .map((_, index, parts) => parts.slice(0, index + 1).join('/node_modules/'));
  return [...folders.filter(Boolean).map((folder) => `${folder}/node_modules/${name}`), `node_modules/${name}`];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const faults = faultsOf(JSON.parse(readFileSync('package-lock.json', 'utf8')));
  for (const fault of faults) console.error(`✖ package-lock.json: ${fault}`);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
