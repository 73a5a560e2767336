import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BASE_URL } from '../support/client';

jest.setTimeout(120_000);

const script = join(__dirname, '..', 'load-test.js');
const load = (...args: string[]) => promisify(execFile)(process.execPath, [script, '--url', BASE_URL, ...args]);

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
    expect(stdout).toMatch(/accepted\s+[\d,.]+\/s\s+\(100 of 100/);
    expect(stdout).toContain('Nothing oversold, nothing lost, nothing left pending.');
  });
});
