import { execFile } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GatewayProcess, JWT_SECRET, START_MS } from '../support/gateways';
import { root } from '../support/launcher';
import { Service } from '../support/service';
import { openWires, type Wires } from '../support/wires';

const ADMIN = { email: 'first.admin@example.com', password: 'the first admin' };

interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

function run(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Run> {
  return new Promise((resolve) => {
    const options = { cwd: root, env: { PATH: process.env.PATH, NODE_ENV: 'test', ...env }, timeout: 60_000 };
    execFile(process.execPath, args, options, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

describe('npm run import', () => {
  const folder = mkdtempSync(join(tmpdir(), 'import-'));
  let wires: Wires;
  let gateway: GatewayProcess;
  let services: Service[];
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    wires = await openWires();
    for (const name of ['auth', 'stock']) wires.database(name);
    const first = { ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password };
    const environment = { ...wires.environment, JWT_SECRET, BCRYPT_COST: '4', ...first };
    [gateway, ...services] = await Promise.all([
      GatewayProcess.start(wires),
      Service.start('apps/auth/src/main.ts', environment),
      Service.start('apps/stock/src/main.ts', environment),
    ]);
    env = { BASE_URL: gateway.origin, ...first };
  }, START_MS);

  afterAll(async () => {
    await Promise.all([gateway.stop(), ...services.map((service) => service.stop())]);
    await wires.close();
    rmSync(folder, { recursive: true });
  });

  const fileOf = (name: string, content: string | Buffer) => {
    const file = join(folder, name);
    writeFileSync(file, content);
    return file;
  };
  const importing = (file: string, ...more: string[]) => run(['scripts/import.mjs', file, ...more], env);
  const products = async (category: string) => {
    const { json } = await gateway.get(`/products?category=${category}&sort=name&limit=100`);
    return json.data as {
      sku: string;
      name: string;
      description: string;
      price: number;
      stock: { available: number };
    }[];
  };
  /** `created 3` and the like, from the table at the end. */
  const tallyOf = ({ stdout }: Run) =>
    Object.fromEntries(
      [...stdout.matchAll(/^(\w+) +([\d,]+)$/gm)].map(([, what, count]) => [what, Number(count.replace(',', ''))]),
    );

  it('brings the examples of the documentation, in each of the three forms', async () => {
    const csv = await importing('docs/examples/products.csv');
    expect([csv.code, csv.stderr, tallyOf(csv)]).toEqual([
      0,
      '',
      { rows: 3, created: 3, updated: 0, unchanged: 0, failed: 0 },
    ]);
    expect(await products('tea')).toMatchObject([
      {
        sku: 'SAMPLE-001',
        description: 'Steamed, deep green, "sweet as grass"',
        price: 12.5,
        stock: { available: 120 },
      },
      { sku: 'SAMPLE-002', name: 'Zhēnmíng 珍眉', description: 'Two lines:\nrolled by hand' },
    ]);
    expect(tallyOf(await importing('docs/examples/products.json'))).toMatchObject({ updated: 1, unchanged: 1 });
    expect(tallyOf(await importing('docs/examples/products.ndjson'))).toMatchObject({ created: 1, unchanged: 1 });
    expect(tallyOf(await importing('docs/examples/products.csv'))).toMatchObject({ updated: 1, unchanged: 2 });
  });

  it('names each row that fails by its line and a stable code, brings the others, and ends with 1', async () => {
    const file = fileOf(
      'faulty.csv',
      '\ufeffsku,name,category,price\r\n' +
        'F-1,"Two\nlines",faulty,1\r\n' +
        'F-2,Negative,faulty,-1\r\n' +
        'F-3,Short\r\n' +
        'F-4,"Wrong" quotes,faulty,4\r\n' +
        'F-5,"Never closed,faulty,5\r\n' +
        '\r\n' +
        ',Nameless,faulty,6\r\n' +
        'F-7,Not a number,faulty,"1,50"\r\n' +
        'F-8,,faulty,8\r\n' +
        ',,,\r\n' +
        'F-9,Fine,faulty,9\r\n',
    );
    const { code, stderr, ...rest } = await importing(file);
    expect(code).toBe(1);
    expect(tallyOf({ code, stderr, ...rest })).toEqual({ rows: 9, created: 2, updated: 0, unchanged: 0, failed: 7 });
    const failures = stderr.trim().split('\n').sort();
    expect(failures.map((line) => /line (\d+)(?: \(([^)]+)\))?: (\w+)/.exec(line)?.slice(1))).toEqual([
      ['10', 'F-7', 'VALIDATION_FAILED'],
      ['11', 'F-8', 'VALIDATION_FAILED'],
      ['4', 'F-2', 'VALIDATION_FAILED'],
      ['5', undefined, 'MALFORMED_ROW'],
      ['6', undefined, 'MALFORMED_ROW'],
      ['7', undefined, 'MALFORMED_ROW'],
      ['9', undefined, 'VALIDATION_FAILED'],
    ]);
    expect(stderr).toContain('line 11 (F-8): VALIDATION_FAILED: name is needed for a new product');
    expect((await products('faulty')).map(({ sku }) => sku)).toEqual(['F-9', 'F-1']);
  });

  it('does nothing in a dry run but say what it would do', async () => {
    const rows = [
      { sku: 'DRY-1', name: 'Dry', category: 'dry', price: 1 },
      { sku: 'DRY-2', price: 'x' },
    ];
    const dry = await importing(fileOf('dry.json', JSON.stringify(rows)), '--dry-run');
    expect([dry.code, tallyOf(dry)]).toMatchObject([1, { created: 1, failed: 1 }]);
    expect(dry.stdout).toContain('nothing was done');
    expect(await products('dry')).toEqual([]);
  });

  it('reads what is broken as far as it can', async () => {
    const rest = await importing(
      fileOf('broken.json', '[\n{"sku":"B-1","name":"B","category":"broken","price":1},\n{"sku":'),
    );
    expect([rest.code, rest.stderr]).toEqual([1, expect.stringMatching(/line 3: MALFORMED_ROW: .*from here on/)]);
    const lines = '{"sku":"B-2","name":"B","category":"broken","price":1}\n{nonsense\n5\n{"sku":"B-3","toString":1}';
    const ndjson = await importing(fileOf('broken.ndjson', lines));
    expect(ndjson.stderr.match(/line \d+( \(B-3\))?: \w+/g)).toEqual([
      'line 2: MALFORMED_ROW',
      'line 3: MALFORMED_ROW',
      'line 4 (B-3): VALIDATION_FAILED',
    ]);
    expect((await products('broken')).map(({ sku }) => sku).sort()).toEqual(['B-1', 'B-2']);
  });

  it.each<[string, string, string | Buffer, string, RegExp]>([
    ['a column that is none', 'a.csv', 'sku,nam\nA,a\n', ',', /"nam" is none of them/],
    ['no sku', 'a.csv', 'name,price\nA,1\n', ',', /no column sku/],
    ['no header', 'a.csv', '', ',', /no column sku/],
    ['another encoding', 'a.csv', Buffer.from('sku,name\nA,Caf\xe9\n', 'latin1'), ',', /not UTF-8/],
    ['a kind of file that it does not know', 'a.xlsx', 'PK', ',', /must end in \.csv/],
    ['a delimiter of two characters', 'a.csv', 'sku\n', '::', /one character/],
  ])('refuses %s before it does anything', async (_what, name, content, delimiter, why) => {
    const { code, stderr, stdout } = await importing(fileOf(name, content), `--delimiter=${delimiter}`);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(why);
  });

  it('takes another delimiter', async () => {
    const file = fileOf('semicolons.csv', 'sku;name;category;price\nS-1;"a; b";semicolons;1\n');
    expect((await importing(file, '--delimiter=;')).code).toBe(0);
    expect(await products('semicolons')).toMatchObject([{ sku: 'S-1', name: 'a; b' }]);
  });

  it('needs an admin', async () => {
    const file = fileOf('one.ndjson', '{"sku":"N-1"}');
    const stranger = await run(['scripts/import.mjs', file], { ...env, ADMIN_PASSWORD: 'something else' });
    expect([stranger.code, stranger.stderr]).toEqual([1, expect.stringContaining('cannot log in')]);
    const jo = { email: 'jo@example.com', password: 'Corr3ct-horse!' };
    await gateway.post('/auth/register', jo);
    const user = await run(['scripts/import.mjs', file], {
      ...env,
      ADMIN_EMAIL: jo.email,
      ADMIN_PASSWORD: jo.password,
    });
    expect([user.code, user.stderr]).toEqual([1, expect.stringContaining('FORBIDDEN')]);
  });

  it.each(['csv', 'json', 'ndjson'])('reads a .%s of any size in constant memory', async (kind) => {
    const file = join(folder, `large.${kind}`);
    const out = createWriteStream(file);
    const row = { sku: 'LARGE', name: 'x'.repeat(200), description: 'y'.repeat(800) };
    const line = kind === 'csv' ? Object.values(row).join(',') : JSON.stringify(row);
    const [head, between, tail] = kind === 'json' ? ['[', ',\n', ']'] : [kind === 'csv' ? 'sku,name,description\n' : '', '\n', '']; // prettier-ignore
    out.write(head);
    for (let i = 0; i < 50; i++)
      if (!out.write(Array(1_000).fill(line).join(between) + between)) await once(out, 'drain');
    out.end(line + tail);
    await once(out, 'close');
    const module = `./scripts/lib/${kind === 'csv' ? 'csv' : 'json'}-rows.mjs`;
    const count = `import { ${kind}Rows } from '${module}'; let n = 0; for await (const { row } of ${kind}Rows('${file}', ',')) n += row ? 1 : 0; console.log(n);`; // prettier-ignore
    // The file has 50 MB, the heap of the process half of that.
    const counted = await run(['--max-old-space-size=24', '--input-type=module', '-e', count]);
    expect([counted.stderr, counted.stdout.trim()]).toEqual(['', '50001']);
  });
});
