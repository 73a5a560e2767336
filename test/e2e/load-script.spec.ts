import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BASE_URL } from '../support/client';

jest.setTimeout(120_000);

const script = join(__dirname, '..', 'load-test.js');
const folder = mkdtempSync(join(tmpdir(), 'order-suite-load-'));
const load = (...args: string[]) =>
  promisify(execFile)(process.execPath, [script, '--url', BASE_URL, '--keep', folder, ...args]);

afterAll(() => rmSync(folder, { recursive: true }));

interface Report {
  placed: number;
  accepted: number;
  confirmed: number;
  ended: Record<string, number>;
  accepting: Record<string, { p99: number }>;
  confirming: Record<string, { p99: number }>;
  wrongs: string[];
}

describe('the load script', () => {
  it('sells out a hot product exactly, and reports by tier', async () => {
    const { stdout } = await load(
      '--orders',
      '300',
      '--stock',
      '100',
      '--users',
      '10',
      '--connections',
      '16',
      '--json',
    );
    const report = JSON.parse(stdout) as Report;
    expect(report).toMatchObject({ placed: 300, confirmed: 100, wrongs: [] });
    expect(report.ended).toMatchObject({ CONFIRMED: 100 });
    for (const tier of ['vip', 'standard']) {
      expect(report.accepting[tier].p99).toBeGreaterThan(0);
      expect(report.confirming[tier].p99).toBeGreaterThan(0);
    }
  });

  it('says in words what came of a spread load', async () => {
    const { stdout } = await load('--scenario', 'spread', '--products', '5', '--orders', '100', '--users', '5');
    expect(stdout).toMatch(/100 orders placed in [\d.]+ s, 100 accepted/);
    expect(stdout).toContain('Nothing oversold, nothing lost, nothing left pending.');
  });

  it('lets people come at their own pace, and draws what happened', async () => {
    const [page, limits] = [join(folder, 'report.html'), join(folder, 'limits.json')];
    writeFileSync(limits, '{ "refused": { "max": 0 }, "looking.p99": { "max": 60000 } }');
    const args = ['--scenario', 'mixed', '--rate', '100', '--orders', '200', '--users', '5', '--products', '3'];
    const { stdout } = await load(...args, '--limits', limits, '--html', page);
    expect(stdout).toMatch(/a page, p99 ms .* ≤ 60000 held/);
    expect(readFileSync(page, 'utf8')).toContain('All is well');
    const again = await load(...args);
    expect(again.stdout).toMatch(/last run +change/);
  });

  it('fails where a limit is broken', async () => {
    const limits = join(folder, 'limits.json');
    writeFileSync(limits, '{ "acceptedPerSecond": { "min": 1000000 } }');
    const run = load('--orders', '10', '--users', '2', '--limits', limits);
    await expect(run).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining('LIMIT BROKEN') as string });
  });
});
