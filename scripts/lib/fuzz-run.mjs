/** `npm run fuzz`, once the packages are there. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { OwnSuite } from './own-suite.mjs';
import { login, seed } from './seeding.mjs';
import { request } from './shop.mjs';
import { scriptedModel } from './test-settings.mjs';

const PROGRAM = process.env.SCHEMATHESIS_BIN || 'schemathesis';
/** The demo's. */
const people = [
  { who: 'admin', email: 'admin@example.com', password: 'admin123' },
  { who: 'customer', email: 'user@example.com', password: 'user123' },
];

/**
 * What an answer must be. Left out is what the document cannot say: that a body of the right form is refused because
 * of what is in it (`positive_data_acceptance`), and that `/products/import` is also a `/products/{id}` for the other
 * methods (`unsupported_method`).
 */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
  'response_headers_conformance',
  'negative_data_rejection',
  'missing_required_header',
  'allow_header_conformance',
  'ignored_auth',
];

/** Calls after which nobody would be signed in any more, or that have no end. */
const LEFT_OUT = [
  'Auth.logout',
  'Account.updateProfile',
  'Account.changePassword',
  'Account.erase',
  'Account.endSession',
  'Users.update',
  'Users.erase',
  'OrderEvents.events[0]',
  'Demo.start',
];

/**
 * @param {string[]} args `--seconds=n`, and options of Schemathesis, which stand after ours and so outdo them
 * @returns {Promise<number>} exit code: 0 nothing found, 1 something found, 2 it could not run
 */
export async function fuzzRun(args) {
  if (spawnSync(PROGRAM, ['--version']).status !== 0)
    throw new Failure(`${PROGRAM} does not run.`, '`pip install schemathesis`, or set SCHEMATHESIS_BIN');
  const seconds = Number(args.find((arg) => arg.startsWith('--seconds='))?.split('=')[1] ?? 600);
  const own = await OwnSuite.claim('fuzz', { what: 'A fuzz run', onEvent: (text) => console.error(`• ${text}`) });
  try {
    console.error(`MongoDB ${await own.startMongodb()}\nRedis ${await own.startRedis()}`);
    // The fuzzer is given one token, and does not ask for another.
    console.error(await own.startSuite({ JWT_EXPIRATION: '1d', ...scriptedModel(own.settings) }));
    const url = own.environment.BASE_URL ?? '';
    await seed(url);
    // All of them now: after so many wrong passwords from one address nobody is let in from there for a while.
    const signedIn = await Promise.all(
      people.map(async ({ who, email, password }) => ({ who, token: await login(url, email, password) })),
    );
    const rest = args.filter((arg) => !arg.startsWith('--seconds='));
    let worst = 0;
    for (const person of signedIn) {
      worst = Math.max(worst, await fuzz(own, person, Math.ceil(seconds / people.length), rest));
    }
    return worst;
  } finally {
    await own.end();
  }
}

/**
 * @param {OwnSuite} own
 * @param {{ who: string, token: string }} person
 * @param {number} seconds
 * @param {string[]} args
 * @returns {Promise<number>} its exit code
 */
async function fuzz({ environment, settings }, { who, token }, seconds, args) {
  const url = environment.BASE_URL ?? '';
  // With live examples, of what this person has.
  const { body: document } = await request(url, 'GET', '/api/docs-json', { token });
  const folder = join(settings.dataDir, who);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'openapi.json'), JSON.stringify(document));
  console.error(`As ${who}, for ${seconds} s`);
  const options = [
    ...['run', join(folder, 'openapi.json'), '--url', url, '--header', `Authorization: Bearer ${token}`],
    ...['--phases', 'examples,coverage,fuzzing,stateful', '--checks', CHECKS.join()],
    ...LEFT_OUT.flatMap((id) => ['--exclude-operation-id', id]),
    // One worker: with several threads Python 3.11's parser may fail (AST constructor recursion depth mismatch).
    ...['--seed', '1', '--workers', '1', '--max-time', String(seconds), '--request-timeout', '20'],
    ...['--continue-on-failure', '--generation-database', 'none'],
  ];
  const child = spawn(PROGRAM, [...options, ...args], { cwd: folder, stdio: 'inherit' });
  const [code] = /** @type {[number | null]} */ (await once(child, 'exit'));
  return code ?? 2;
}
