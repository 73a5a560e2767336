import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { typescript } from '../support/typescript.args';

type Line = Record<string, unknown>;

describe('the logger', () => {
  const directory = mkdtempSync(join(tmpdir(), 'logging-'));
  const run = async (environment: Record<string, string>): Promise<string[]> => {
    const args = typescript(join(__dirname, 'fixtures/logging.main.ts'));
    const secret = { CALLER_SECRET: 'p4Xw8Nc2Vb6Zm0Lk5Jh9Gf3Ds7Aq1YtE' };
    const env = { ...process.env, LOG_DIR: directory, LOG_LEVEL: 'info', ...secret, ...environment };
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    return stdout.trim().split('\n');
  };
  const file = (name: string): Line[] => parse(readFileSync(join(directory, name), 'utf8').trim().split('\n'));
  const parse = (lines: string[]) => lines.map((line) => JSON.parse(line) as Line);
  let printed: Line[];

  beforeAll(async () => {
    printed = parse(await run({ NODE_ENV: 'production' }));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('writes JSON lines with service, context and request, without secrets', () => {
    const [counted, , , outside] = printed;
    expect(counted).toMatchObject({
      ...{ level: 'info', message: 'counted', service: 'stock', context: 'Ledger', pid: expect.any(Number) as number },
      ...{ requestId: 'r-1', userId: 'u1', count: 3, password: '[hidden]' },
    });
    expect(counted.timestamp).toBe(new Date(counted.timestamp as string).toISOString());
    expect(outside).toMatchObject({ level: 'warn', message: 'outside, mongodb://shop:[hidden]@db' });
    expect(outside).not.toHaveProperty('requestId');
  });

  it('writes what was asked for: nothing below its level, nothing of how Nest puts itself together', () => {
    expect(printed.map(({ message }) => message)).toEqual([
      ...['counted', 'boom', 'plain', 'outside, mongodb://shop:[hidden]@db'],
      ...[expect.stringMatching(/^said /), 'the end'],
    ]);
  });

  it('lets nobody write a line of their own, nor to the screen, in either form', async () => {
    const forged = printed.find(({ message }) => String(message).startsWith('said'));
    expect(forged!.message).toContain('\r\n12:00:00.000 INFO');
    const readable = await run({ NODE_ENV: 'development', LOG_DIR: 'none' });
    const line = readable.find((text) => text.includes('said'));
    expect(line).toContain('said \\u001b[2K\\u000d\\u000a12:00:00.000 INFO  [auth] all is well');
    expect(line).toContain('\\u0085\\u2028end');
    expect(readable.filter((text) => text.startsWith('12:00:00.000'))).toEqual([]);
  });

  it('says nothing of who somebody is but an id', () => {
    expect(JSON.stringify(printed)).not.toContain('jo@example.com');
    expect(printed.find(({ email }) => email)).toMatchObject({ email: '[hidden]' });
  });

  it('writes the stack of an error as text', () => {
    const [, thrown, plain, , , end] = printed;
    expect(thrown.stack).toMatch(/^Error: boom\n +at /);
    expect(plain.stack).toMatch(/^Error: with a stack\n +at /);
    expect(end).toMatchObject({ level: 'error', context: 'Ledger' });
    expect(end).not.toHaveProperty('stack');
  });

  it('keeps everything in one file and errors in another', () => {
    expect(file('combined.log')).toEqual(printed);
    expect(file('error.log')).toEqual(printed.filter(({ level }) => level === 'error'));
  });

  it('prints readable lines in development', async () => {
    const [counted, boom, at] = await run({ NODE_ENV: 'development', LOG_DIR: 'none' });
    expect(counted).toMatch(/^[\d:.]{12} INFO {2}\[stock Ledger\] counted .*"password":"\[hidden\]".* \(r-1\)$/);
    expect(boom).toMatch(/ERROR \[stock Ledger\] boom .*\(r-1\)$/);
    expect(at).toBe('Error: boom');
  });

  it('prints less than it keeps where that is asked for', async () => {
    const lines = parse(await run({ NODE_ENV: 'production', LOG_DIR: 'none', LOG_CONSOLE_LEVEL: 'error' }));
    expect(lines.map(({ message }) => message)).toEqual(['boom', 'plain', 'the end']);
  });
});
