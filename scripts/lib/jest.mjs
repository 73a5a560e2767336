import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './settings.mjs';

export const projects = /** @type {const} */ (['unit', 'architecture', 'integration', 'e2e', 'chaos']);
/** @typedef {typeof projects[number]} Project */

/** @typedef {{ passed: number, failed: number, skipped: number, ms: number }} Count */

/** For tests that hang: what Jest has found out until then is lost. */
const LIMIT_MS = 40 * 60_000;
/** The long form of chaos. */
const CHAOS_LIMIT_MS = 60 * 60_000;
/** With its results written Jest has nothing left to do; so many ms later it is only waiting for what tests left open. */
const GRACE_MS = 5_000;
/** How often it is looked whether the results are there, in ms. */
const LOOK_MS = 500;

/**
 * Runs Jest and counts. A connection or a timer that a test left open keeps Jest from ending, if one process runs all
 * files, while workers are ended by force: what is left open is said, and is no failure of its own, for whether it is
 * noticed is a matter of how the files were run. What counts is what the tests said.
 * @param {{ select: Project[], args: string[], env: NodeJS.ProcessEnv, resultFile: string, interactive?: boolean }} options
 * @returns {Promise<{ counts: Map<Project, Count>, failures: string[] }>} `failures`: the names of what failed
 */
export async function runJest({ select, args, env, resultFile, interactive = false }) {
  rmSync(resultFile, { force: true });
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const results = interactive ? [] : ['--json', `--outputFile=${resultFile}`];
  const limit = env.CHAOS_FORM === 'long' ? CHAOS_LIMIT_MS : LIMIT_MS;
  // What is tested runs on the Node that it will run on; on it Jest itself loads a file in little more than half the time.
  const child = spawn(env.NODE_BIN || process.execPath, [jest, '--selectProjects', ...select, ...results, ...args], {
    cwd: root,
    env,
    stdio: [interactive ? 'inherit' : 'ignore', 'inherit', 'inherit'],
    timeout: interactive ? undefined : limit,
    killSignal: 'SIGKILL',
  });
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  const watch = interactive ? undefined : setInterval(() => endLingering(child, resultFile), LOOK_MS);
  const { code, signal } = await ended(child);
  clearInterval(watch);
  process.off('exit', end);
  if (interactive) return { counts: new Map(), failures: [] };
  if (!existsSync(resultFile)) {
    const how = signal ? `was stopped by ${signal} (limit ${limit / 60_000} min)` : `ended with ${code}`;
    return { counts: new Map([[select[0] ?? 'unit', failed(1)]]), failures: [`Jest ${how} before it had results`] };
  }
  return count(JSON.parse(readFileSync(resultFile, 'utf8')));
}

/**
 * Ends a Jest that has had its results for a while.
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} resultFile
 */
function endLingering(child, resultFile) {
  const written = statSync(resultFile, { throwIfNoEntry: false })?.mtimeMs;
  if (written === undefined || Date.now() - written < GRACE_MS || child.killed) return;
  console.log('Jest has its results and does not end: a test left something open. Find it with --detectOpenHandles.');
  child.kill('SIGKILL');
}

/** @param {number} number @returns {Count} */
export const failed = (number) => ({ passed: 0, failed: number, skipped: 0, ms: 0 });

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null }>}
 */
const ended = (child) => new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));

/**
 * @typedef {object} FileResult of Jest's JSON
 * @property {string} name
 * @property {'passed' | 'failed'} status
 * @property {number} startTime
 * @property {number} endTime
 * @property {{ status: string, fullName: string }[]} assertionResults
 */

/** @param {{ testResults: FileResult[] }} results */
function count({ testResults }) {
  /** @type {Map<Project, Count>} */
  const counts = new Map();
  /** @type {string[]} */
  const failures = [];
  for (const { name, status, startTime, endTime, assertionResults } of testResults) {
    const file = relative(root, name);
    const project = projectOf(file);
    const sum = counts.get(project) ?? failed(0);
    counts.set(project, sum);
    sum.ms += Math.max(0, endTime - startTime);
    for (const test of assertionResults) {
      if (test.status === 'passed') sum.passed++;
      else if (test.status === 'failed') sum.failed++;
      else sum.skipped++;
      if (test.status === 'failed') failures.push(`${file}: ${test.fullName}`);
    }
    if (status === 'failed' && !assertionResults.some((test) => test.status === 'failed')) {
      sum.failed++; // it does not compile, or fell outside of any test
      failures.push(`${file}: the file itself`);
    }
  }
  return { counts, failures };
}

/** @param {string} file @returns {Project} */
function projectOf(file) {
  for (const folder of /** @type {const} */ (['e2e', 'chaos']))
    if (file.startsWith(join('test', folder))) return folder;
  if (file.startsWith(join('test', 'integration'))) return 'integration';
  return file === join('test', 'architecture.spec.ts') ? 'architecture' : 'unit';
}
