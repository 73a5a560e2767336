import { eventually } from '../support/eventually';
import { isAlive, Place, Script } from '../support/launcher';

jest.setTimeout(120_000);

interface Health {
  status: string;
}
const health = async (place: Place) => (await fetch(`${place.url}/health/ready`)).json() as Promise<Health>;
const products = async (place: Place) =>
  ((await (await fetch(`${place.url}/products?limit=1`)).json()) as { meta: { total: number } }).meta.total;

/** The launcher as `npm start` runs it, with everything it starts; the tests tell one life of it, in order. */
describe('npm start', () => {
  let place: Place;
  let launcher: Script;
  const start = () => new Script('scripts/start.mjs', place.environment);
  const run = (file: string, ...args: string[]) => new Script(file, place.environment, args);

  beforeAll(async () => {
    place = await Place.find();
    launcher = start();
    await launcher.says(/The suite is up/);
  });

  afterAll(async () => {
    await run('scripts/stop.mjs').ended;
    place.remove();
  });

  it('brings everything up, with demo data, and shows one box', async () => {
    expect(launcher.output).toContain(`http://localhost:${place.ports.NGINX_PORT}`);
    expect(launcher.output).toContain('admin@example.com / admin123');
    expect(launcher.output.match(/╭/g)).toHaveLength(1);
    expect(await health(place)).toMatchObject({ status: 'ok' });
    expect(await products(place)).toBeGreaterThanOrEqual(24);
  });

  it('shows its processes when asked', async () => {
    const status = run('scripts/status.mjs');
    expect(await status.ended).toBe(0);
    for (const { label, pid } of place.processes) expect(status.output).toMatch(new RegExp(`${label} +up +${pid} `));
    for (const { label, metricsPort } of place.processes.filter((one) => one.metricsPort)) {
      expect(status.output).toMatch(new RegExp(`${label} .* ${metricsPort} `));
      const scraped = await fetch(`http://127.0.0.1:${metricsPort}/metrics`);
      expect(await scraped.text()).toContain('nodejs_eventloop_lag_seconds');
    }
    expect(place.processes.filter((one) => one.metricsPort).length).toBeGreaterThan(6);
    expect(status.output).toMatch(/Memory in all: \d+ MB/);
    expect(status.output).toContain('ready');
  });

  it('is refused a second time', async () => {
    const second = start();
    expect(await second.ended).toBe(1);
    expect(second.output).toMatch(
      new RegExp(`✖ The suite runs already \\(pid ${launcher.process.pid}, ${place.url}\\)\\. Fix: .*npm stop`),
    );
    expect(await health(place)).toMatchObject({ status: 'ok' });
  });

  it('asks before it removes data, and cannot ask where nobody is', async () => {
    const reset = run('scripts/reset.mjs');
    expect(await reset.ended).toBe(1);
    expect(reset.output).toContain('Fix: `npm run reset -- --yes`');
  });

  it('killed the hard way, it is survived by processes that the next start ends, and by all data', async () => {
    const before = place.processes.map(({ pid }) => pid);
    const stranger = process.pid; // its number in the list must not be enough to be ended
    launcher.process.kill('SIGKILL');
    await launcher.ended;
    expect(before.filter(isAlive)).toEqual(before);

    launcher = start();
    await launcher.says(/The suite is up/);
    expect(launcher.output).toMatch(/Stopped what an earlier start had left behind: .*gateway/);
    expect(launcher.output).toContain('Demo data: there already');
    expect(before.filter(isAlive)).toEqual([]);
    expect(isAlive(stranger)).toBe(true);
    expect(await health(place)).toMatchObject({ status: 'ok' });
  });

  it('told to end, it ends everything in order, and with 0', async () => {
    const { processes } = place;
    launcher.process.kill('SIGTERM');
    expect(await launcher.ended).toBe(0);
    expect(launcher.output).toMatch(/Stopping …\nStopped \(\d+\.\d s\)\.\n$/);
    expect(launcher.output).not.toContain('was killed');
    expect(processes.map(({ pid }) => pid).filter(isAlive)).toEqual([]);
  });

  it('in production refuses to make up secrets', async () => {
    const strict = new Script('scripts/start.mjs', {
      ...place.environment,
      NODE_ENV: 'production',
      CALLER_SECRET: 'p4Xw8Nc2Vb6Zm0Lk5Jh9Gf3Ds7Aq1YtE',
    });
    expect(await strict.ended).toBe(1);
    expect(strict.output).toMatch(/✖ auth refuses its settings: JWT_SECRET is missing .*Fix: see \.env\.example/);
    expect(strict.output).toMatch(/✖ notifications refuses its settings: SMTP_URL, or EMAIL_USER and EMAIL_PASS/);
    expect(strict.output).not.toContain('sandbox');
    await eventually(() => expect(() => place.processes).toThrow('ENOENT'));
  });

  it('and forgets all when told to', async () => {
    const reset = run('scripts/reset.mjs', '--yes');
    expect([await reset.ended, reset.output]).toEqual([0, expect.stringContaining('begins anew')]);
  });
});
