import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';

/** @typedef {import('./findings.mjs').Findings} Findings */

/** What gives itself away in any log: signed tokens, and hashes of passwords. */
const SECRETS = /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}|\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}/;
const UNCAUGHT = /unhandled|uncaught/i;

/**
 * I8: no error that nobody caught, no secret in any log.
 * @param {Findings} findings
 * @param {string[]} files
 * @param {string[]} [secrets] more that must not be there: passwords and tokens of the run
 */
export async function checkLogs(findings, files, secrets = []) {
  for (const file of files) {
    let number = 0;
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      const where = `${basename(file)}:${++number}`;
      if (UNCAUGHT.test(line)) findings.add('I8', 'an error was caught by nobody', `${where} ${line.slice(0, 300)}`);
      // Without the line itself: this goes into another log.
      if (SECRETS.test(line) || secrets.some((secret) => line.includes(secret)))
        findings.add('I8', 'a secret is in a log', where);
    }
  }
}
