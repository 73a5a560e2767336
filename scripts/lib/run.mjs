import { spawn } from 'node:child_process';
import { Failure, messageOf } from './failure.mjs';

/**
 * Runs a program to its end and gives its output.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, shell?: boolean }} [options]
 * @returns {Promise<{ code: number, stdout: string, stderr: string }>} code 127 where the program could not be run
 */
export function run(command, args, { timeoutMs = 60_000, ...options } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.once('error', (error) => resolve({ code: 127, stdout, stderr: messageOf(error) }));
    child.once('close', (code, signal) => {
      if (signal) stderr += `\nstopped by ${signal} (limit ${timeoutMs / 1_000} s)`;
      resolve({ code: code ?? 1, stdout, stderr });
    });
  });
}

/**
 * The same for programs that have to succeed.
 * @param {Parameters<typeof run>} call
 * @returns {Promise<string>} standard output
 * @throws {Failure} with the last line the program said
 */
export async function runOrFail(...call) {
  const { code, stdout, stderr } = await run(...call);
  if (code === 0) return stdout;
  throw new Failure(
    `${call[0]} ${call[1][0] ?? ''} failed: ${lastLine(stderr) || lastLine(stdout) || `exit ${code}`}.`,
  );
}

/** @param {string} text */
const lastLine = (text) => text.trim().split('\n').at(-1)?.trim().replace(/\.$/, '') ?? '';
