import { run } from './run.mjs';
import { root } from './settings.mjs';

/**
 * Runs npm to its end. Under `npm start` it is npm's own file, which Node can run; a shell is needed for npm.cmd elsewhere.
 * @param {string[]} args
 * @param {{ timeoutMs?: number }} [options]
 */
export function npm(args, options) {
  const file = process.env.npm_execpath;
  return file
    ? run(process.execPath, [file, ...args], { cwd: root, ...options })
    : run('npm', args, { cwd: root, shell: process.platform === 'win32', ...options });
}
