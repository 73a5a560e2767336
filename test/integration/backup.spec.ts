import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually';
import { Place, Script } from '../support/launcher';

jest.setTimeout(240_000);

interface Reply {
  status: number;
  data: Record<string, unknown>;
}

/** A shop of its own from its first start to its second life; the tests tell it in order. */
describe('a backup', () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'backup-')), 'shop');
  const account = { email: 'user@example.com', password: 'user123' };
  let place: Place;
  let launcher: Script;
  let token: string;
  /** Accepted while nobody works, so that the backup finds them halfway. */
  let waiting: string[];
  let ended: string[];

  const run = (file: string, ...args: string[]) => new Script(`scripts/${file}.mjs`, place.environment, args);
  const say = async (file: string, ...args: string[]) => {
    const script = run(file, ...args);
    return [await script.ended, script.output] as const;
  };
  async function call(method: string, path: string, body?: object): Promise<Reply> {
    const answer = await fetch(`${place.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: body && JSON.stringify(body),
    });
    const said = (await answer.json()) as { data?: Record<string, unknown> };
    return { status: answer.status, data: said.data ?? said };
  }
  const logIn = async () => {
    token = '';
    token = String((await call('POST', '/auth/login', account)).data.token);
  };
  async function order(stockId: string): Promise<string> {
    const { status, data } = await call('POST', '/orders', { stockId, quantity: 1 });
    expect(status).toBe(201);
    return (data.order as { id: string }).id;
  }
  const statusOf = async (id: string) => (await call('GET', `/orders/${id}`)).data.status;
  const start = async () => {
    launcher = new Script('scripts/start.mjs', place.environment);
    await launcher.says(/The suite is up/, 90_000);
    await logIn();
  };

  beforeAll(async () => {
    place = await Place.find();
    await start();
  });
  afterAll(async () => {
    await run('stop').ended;
    place.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is made of one moment, while the shop is open and orders are on their way', async () => {
    const { data } = await call('GET', '/products?inStock=true&limit=1');
    const [{ stock }] = data as unknown as { stock: { id: string } }[];
    ended = [await order(stock.id), await order(stock.id)];
    for (const id of ended) await eventually(async () => expect(await statusOf(id)).toBe('CONFIRMED'));

    const { pid } = place.processes.find(({ name }) => name === 'processor')!;
    process.kill(pid, 'SIGSTOP');
    waiting = await Promise.all(Array.from({ length: 20 }, () => order(stock.id)));
    const [code, said] = await say('backup', folder);
    process.kill(pid, 'SIGCONT');
    expect([code, said]).toEqual([0, expect.stringMatching(/\d+ documents of \d+ collections, as they stood at/)]);
    for (const id of waiting) await eventually(async () => expect(await statusOf(id)).toBe('CONFIRMED'));
  });

  it('is for the eyes of its owner, and is not written over', async () => {
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
    expect(await say('backup', folder)).toEqual([1, expect.stringMatching(/is not empty\. Fix: name a folder/)]);
  });

  it('is not restored beneath a running shop', async () => {
    expect(await say('restore', folder)).toEqual([1, expect.stringContaining('The suite runs. Fix: `npm stop`')]);
  });

  it('brings the shop back after both stores were lost: what was on its way ends, and the books balance', async () => {
    expect((await say('reset', '--yes'))[0]).toBe(0);
    expect(await say('restore', folder)).toEqual([0, expect.stringContaining('The shop is as it was at')]);
    await start();
    for (const id of [...ended, ...waiting]) {
      await eventually(async () => expect(await statusOf(id)).toBe('CONFIRMED'), { timeoutMs: 60_000 });
    }
    await eventually(async () => expect(await say('audit')).toEqual([0, expect.any(String)]), { timeoutMs: 60_000 });
  });

  it('does not take the place of what is there, unless it is told to', async () => {
    await run('stop').ended;
    expect(await say('restore', folder)).toEqual([1, expect.stringMatching(/is not empty\. Fix: `--replace`/)]);
    expect((await say('restore', folder, '--replace'))[0]).toBe(0);
  });

  it('that was changed, or was never finished, is refused', async () => {
    writeFileSync(join(folder, 'orders.orders.bson.gz'), 'not what it was');
    expect(await say('restore', folder, '--replace')).toEqual([1, expect.stringContaining('was changed')]);
    rmSync(join(folder, 'manifest.json'));
    expect(await say('restore', folder, '--replace')).toEqual([1, expect.stringContaining('no finished backup')]);
  });
});
