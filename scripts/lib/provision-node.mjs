import { join } from 'node:path';
import { npm } from './npm.mjs';
import { fillOnce, findProgram, provision } from './provision.mjs';

/** The version of the image; `docker/Dockerfile` names its line. */
const VERSION = '24.21.0';
/** From this line on a promise costs no more where a request's context is kept than elsewhere. */
const [LINE] = VERSION.split('.').map(Number);
/** As npm knows it, for those platforms for which it has it. */
const PACKAGE = `node-${process.platform}-${process.arch}@${VERSION}`;

/**
 * The Node that the services run on: that of production, whichever the launcher itself was started with. Before 24 Node
 * calls a hook for each promise once an AsyncLocalStorage is used, which costs our services a third of their CPU time
 * (docs/decisions/0028).
 *
 * Looked for once a process: where npm cannot fetch it, whoever asks next would wait for that again.
 *
 * @param {import('./settings.mjs').Settings} settings
 */
export function provisionNode(settings) {
  return (provisioned ??= lookFor(settings));
}

/** @type {Promise<import('./provision.mjs').Binary> | undefined} */
let provisioned;

/** @param {import('./settings.mjs').Settings} settings */
function lookFor({ binaries, cacheDir }) {
  const [line = 0] = process.versions.node.split('.').map(Number);
  return provision({
    program: 'node',
    versionFlag: '--version',
    atLeast: [20, 19],
    fix: `set NODE_BIN to a Node ${LINE}, or leave it out`,
    sources: [
      { name: 'NODE_BIN', binding: Boolean(binaries.node), find: () => binaries.node },
      { name: 'this one', find: () => (line >= LINE ? process.execPath : undefined) },
      { name: 'cache', find: () => findProgram(folderIn(cacheDir), 'node') },
      { name: 'npm package', find: () => fetched(cacheDir) },
      { name: 'this one', find: () => process.execPath },
    ],
  });
}

/** @param {string} cacheDir */
const folderIn = (cacheDir) => join(cacheDir, 'node', PACKAGE);

/** @param {string} cacheDir */
async function fetched(cacheDir) {
  const folder = folderIn(cacheDir);
  await fillOnce(folder, async (temporary) => {
    const { code, stderr } = await npm(
      ['install', '--prefix', temporary, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', PACKAGE],
      { timeoutMs: 300_000 },
    );
    if (code !== 0) throw new Error(stderr.trim().split('\n')[0]);
  });
  return findProgram(folder, 'node');
}
