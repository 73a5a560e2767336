import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../support/launcher';

describe('a test run whose tests leave something open', () => {
  const folder = mkdtempSync(join(tmpdir(), 'left-open-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('ends soon after its results are there, says so, and counts what the tests said', () => {
    const spec = `setInterval(() => {}, 1_000); it('passes', () => {}); it('fails', () => { throw new Error(); });`;
    writeFileSync(join(folder, 'open.spec.js'), spec);
    const config = JSON.stringify({ displayName: 'unit', rootDir: folder, transform: {} });
    const options = {
      select: ['unit'],
      args: ['--config', config, '--runInBand', '--silent'],
      env: process.env,
      resultFile: join(folder, 'results.json'),
    };
    const run = `import('./scripts/lib/jest.mjs')
      .then(({ runJest }) => runJest(${JSON.stringify(options)}))
      .then(({ counts, failures }) => console.log(JSON.stringify([...counts.values()]), failures.length))`;
    const said = execFileSync(process.execPath, ['-e', run], { cwd: root, encoding: 'utf8', stdio: 'pipe' });
    expect(said).toContain('Find it with --detectOpenHandles');
    expect(said).toMatch(/\[\{"passed":1,"failed":1,"skipped":0,"ms":\d+\}\] 1/);
  });
});
