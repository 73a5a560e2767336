import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BASE_URL } from '../support/client';
import { codeBlocks } from '../support/pages';

const run = (command: string, args: string[]) =>
  promisify(execFile)(command, args, { env: { ...process.env, BASE_URL }, timeout: 25_000 });

describe('the pages tell what is true:', () => {
  it('the program of the API integration guide runs as it stands and prints what is shown', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'guide-'));
    try {
      const file = join(folder, 'guide.mjs');
      writeFileSync(file, codeBlocks('docs/API_INTEGRATION_GUIDE.md', 'js').join('\n'));
      const { stdout } = await run(process.execPath, [file]);
      const shown = codeBlocks('docs/API_INTEGRATION_GUIDE.md', 'text').join('').trim().split('\n');
      const lines = stdout.trim().split('\n');
      expect(lines).toHaveLength(shown.length);
      shown.forEach((line, index) => expect(lines[index]).toMatch(asPattern(line)));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('the commands of the README place an order that is confirmed', async () => {
    const commands = codeBlocks('README.md', 'sh').find((block) => block.includes('curl'))!;
    const { stdout } = await run('bash', ['-ec', commands]);
    expect(stdout).toContain('"status":"PENDING"');
    expect(stdout).toContain('"status":"CONFIRMED"');
  });

  it('the commands of the setup guide try an import, and then make it', async () => {
    const commands = codeBlocks('docs/SETUP_GUIDE.md', 'sh').find((block) => block.includes('npm run import'))!;
    const { stdout } = await run('bash', ['-ec', commands]);
    const [tried, imported] = stdout.split('✔ products.csv').slice(1);
    expect(tried).toContain('dry run: nothing was done');
    for (const outcome of [tried, imported]) expect(outcome).toMatch(/^failed +0$/m);
    expect(imported).not.toContain('dry run');
  });
});

/** `…` in a shown line stands for anything. */
const asPattern = (line: string) =>
  new RegExp(
    `^${line
      .split('…')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.+')}$`,
  );
