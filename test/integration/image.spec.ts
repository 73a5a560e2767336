import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DockerBuild, linkModules, productionModules, type Stage } from '../support/dockerfile';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { root, Script } from '../support/launcher';

jest.setTimeout(240_000);

const {
  MONGODB_URI = 'mongodb://127.0.0.1:27017/?replicaSet=rs0',
  REDIS_HOST = '127.0.0.1',
  REDIS_PORT = '6379',
} = process.env;

/** The Dockerfile's steps, carried out here: the image itself needs an engine. */
describe('the container image', () => {
  const installed = { 'npm ci': linkModules(root), 'npm ci --omit=dev': productionModules(root) };
  const build = new DockerBuild(root, installed);
  let image: Stage;

  beforeAll(() => {
    image = build.build('docker/Dockerfile', 'production');
  });
  afterAll(() => build.remove());

  /** What `docker run -e … image args` runs. */
  const container = (environment: Record<string, string>, ...args: string[]) => {
    const [, ...command] = image.entrypoint;
    const { PATH, HOME } = process.env;
    const database = new URL(MONGODB_URI);
    database.pathname = '/image';
    const stores = { MONGODB_URI: database.href, REDIS_HOST, REDIS_PORT, REDIS_DB: '15' };
    const all = { PATH, HOME, ...image.environment, ...stores, ...environment };
    const own = { cwd: image.folder, node: process.execPath };
    return { script: new Script(join(image.folder, command[0]), all, args, own), environment: all };
  };
  const isHealthy = (environment: NodeJS.ProcessEnv) =>
    execFileSync(process.execPath, image.healthcheck.slice(1), { cwd: image.folder, env: environment });

  it('holds what it runs and nothing else', () => {
    for (const there of ['dist/apps/orders/src/processor.main.js', 'node_modules/bullmq', 'scripts/run.mjs'])
      expect([there, existsSync(join(image.folder, there))]).toEqual([there, true]);
    for (const left of ['apps', 'test', '.env', '.git', 'node_modules/jest', 'node_modules/eslint'])
      expect([left, existsSync(join(image.folder, left))]).toEqual([left, false]);
    expect(image.user).toBe('node');
    expect(image.environment).toMatchObject({ NODE_ENV: 'production', LOG_DIR: 'none', PORT: '8000' });
  });

  const CALLER_SECRET = 'p4Xw8Nc2Vb6Zm0Lk5Jh9Gf3Ds7Aq1YtE';
  const secrets = {
    CALLER_SECRET,
    JWT_SECRET: 'y8Kq2Wz5Rt1Lm7Xc4Vb9Nd3Hs6Gf0JpQ',
    JWT_REFRESH_SECRET: 'a1Sd4Fg7Hj0Kl3Zx6Cv9Bn2Mq5We8RtY',
    ADMIN_EMAIL: 'owner@shop.example',
    ADMIN_PASSWORD: 'Quite-a-long-0ne',
    MAIL_ENABLED: 'false',
  };

  it('runs the whole suite without an argument, in production, and ends when it is told to', async () => {
    const PORT = String(await freePort());
    const { script, environment } = container({ ...secrets, PORT });
    await eventually(() => isHealthy(environment), { timeoutMs: 60_000, everyMs: 500 });
    const login = await fetch(`http://127.0.0.1:${PORT}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'admin@example.com', password: 'admin123' }),
    });
    expect(login.status).toBe(401); // nobody of the demo is there
    script.process.kill('SIGTERM');
    expect([await script.ended, script.output]).toEqual([0, expect.not.stringContaining('sandbox')]);
    for (const line of script.output.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('level');
  });

  it('runs the one process that it is given, and is asked for its health on the internal port', async () => {
    const { script, environment } = container({ CALLER_SECRET, INTERNAL_PORT: String(await freePort()) }, 'stock');
    await eventually(() => isHealthy(environment), { timeoutMs: 30_000, everyMs: 250 });
    script.process.kill('SIGTERM');
    expect([await script.ended, script.output]).toEqual([0, expect.stringContaining('"service":"stock"')]);
    expect(() => isHealthy(environment)).toThrow();
  });

  it('recounts the shop with nothing but what it holds', async () => {
    const { script } = container({}, 'audit', '--json');
    expect(await script.ended).toBe(0);
    expect(JSON.parse(script.output)).toMatchObject({ sound: true });
  });

  it.each([
    ['without the secret of all', [], {}, /CALLER_SECRET/],
    ['a process without its own', ['auth'], { CALLER_SECRET }, /JWT_SECRET/],
    ['without stores', [], { MONGODB_URI: '' }, /MONGODB_URI is not set\. Fix: the image brings no stores/],
    ['a process that is none', ['stocks'], {}, /There is no process "stocks"\. Fix: one of gateway, /],
    ['demo data', ['seed'], {}, /Demo data are never put into production/],
  ])('refuses %s', async (_what, args, environment, reason) => {
    const { script } = container(environment, ...args);
    expect(await script.ended).not.toBe(0);
    expect(script.output).toMatch(reason);
  });

  it('is built on a Node that the project supports', () => {
    const dockerfile = readFileSync(join(root, 'docker/Dockerfile'), 'utf8');
    const versions = [...dockerfile.matchAll(/^FROM node:(\d+)/gm)].map(([, version]) => Number(version));
    expect(Math.min(...versions)).toBeGreaterThan(22);
  });
});
