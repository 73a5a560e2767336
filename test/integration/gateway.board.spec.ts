import { createHash } from 'node:crypto';
import { Queue } from 'bullmq';
import { DEAD_LETTER_QUEUE, notifications, orders } from '@suite/contracts';
import { START_MS, codeIn, GatewayProcess, makeToken } from '../support/gateways';
import { openWires, type Wires } from '../support/wires';

let wires: Wires;
let gateway: GatewayProcess;
let mails: Queue;
const admin = makeToken({ role: 'admin' });
const user = makeToken();

beforeAll(async () => {
  wires = await openWires();
  const { host, port, password, db } = wires.redis.options;
  mails = new Queue(notifications.sendMail.queue, { connection: { host, port, password, db } });
  gateway = await GatewayProcess.start(wires);
}, START_MS);
afterAll(async () => {
  await mails.close();
  await gateway.stop();
  await wires.close();
});

/** Page, files and API, in every way to write the path that some part on the way may take for the same. */
const spellings = [
  ...['/admin/queues', '/admin/queues/', '/admin/queues?x', '/admin/queues#x', '/admin/queues/queue/orders'],
  ...['/admin/queues/api/queues', '/admin/queues/api/queues/', '/admin/queues/static/favicon.ico'],
  ...['//admin/queues/api/queues', '/admin//queues/api/queues', '/admin/queues//api/queues', '///admin/queues'],
  ...['/admin/./queues/api/queues', '/x/../admin/queues/api/queues', '/x/%2e%2e/admin/queues/api/queues'],
  ...['/admin%2fqueues', '/admin/queues%2fapi%2fqueues', '/admin%5cqueues', '/admin\\queues'],
  ...['/%61dmin/queues/api/queues', '/admin/%71ueues/api/queues', '/admin/%2571ueues', '/%61%64%6d%69%6e/queues'],
  ...['/ADMIN/queues', '/admin/Queues/api/queues', '/admin/queues;a=b/api/queues', '/admin;x/queues/api/queues'],
  ...['/api/admin/queues', '/api/admin/queues/api/queues', '/api/%61dmin/queues/api/queues', '/api//admin/queues'],
  ...['/admin/queues/api/queues%00', '/admin/queues/../queues/api/queues', '/admin/queues/static/../api/queues'],
];

/** What belongs to the board in one spelling may belong to nothing in another, but it is never shown. */
describe.each(spellings)('%s', (path) => {
  it('is shut to strangers, to users and to forged tokens, whatever they want to do', async () => {
    for (const token of [undefined, user, 'nonsense', makeToken({ role: 'admin', secret: 'x'.repeat(40) })]) {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD']) {
        const { status, text } = await gateway.call(method, path, { token });
        expect([400, 401, 403, 404]).toContain(status);
        expect(text).not.toMatch(/bull-board|__UI_CONFIG__|"counts"/i);
      }
    }
  });
});

describe('the board', () => {
  it('is open to admins: page, files and figures of all queues', async () => {
    const page = await gateway.get('/admin/queues', { token: admin });
    expect([page.status, page.headers['content-type']]).toEqual([200, expect.stringContaining('text/html')]);
    const [, script] = /src="(static\/js\/[^"]+\.js)"/.exec(page.text)!;
    expect((await gateway.get(`/admin/queues/${script}`, { token: admin })).status).toBe(200);
    const { json } = await gateway.get('/admin/queues/api/queues', { token: admin });
    const queues = json.queues as { name: string; readOnlyMode: boolean }[];
    expect(queues.map(({ name, readOnlyMode }) => [name, readOnlyMode])).toEqual([
      [orders.process.queue, true],
      [DEAD_LETTER_QUEUE, true],
      [notifications.sendMail.queue, true],
    ]);
  });

  it('shows a browser a page to log in, on which nothing runs but its own script', async () => {
    const headers = { accept: 'text/html,application/xhtml+xml' };
    const page = await gateway.get('/admin/queues', { headers });
    expect([page.status, page.headers['content-type']]).toEqual([401, 'text/html; charset=utf-8']);
    expect(page.text).toContain('<form');
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toMatch(/^default-src 'none'; /);
    for (const tag of ['script', 'style']) {
      const [, text] = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(page.text)!;
      expect(policy).toContain(`${tag}-src 'sha256-${createHash('sha256').update(text).digest('base64')}'`);
    }
    const other = await gateway.get('/admin/queues', { headers, token: user });
    expect([other.status, other.text]).toEqual([403, expect.stringContaining('not an administrator')]);
  });

  it('answers programs with a problem', async () => {
    expect(codeIn(await gateway.get('/admin/queues'))).toBe('401 UNAUTHORIZED');
    expect(codeIn(await gateway.get('/admin/queues', { token: user }))).toBe('403 FORBIDDEN');
  });

  it('shows no one-time token of the mails', async () => {
    const secret = 'Zx9-one-time-token';
    await mails.add('send', { key: 'k', kind: 'reset-password', to: 'jo@example.com', data: { secret, name: 'Jo' } });
    const path = '/admin/queues/api/queues?activeQueue=mails&status=waiting&page=1&jobsPerPage=10';
    const { text } = await gateway.get(path, { token: admin });
    expect(text).toContain('reset-password');
    expect(text).not.toContain(secret);
  });

  it('lets admins look and not touch', async () => {
    const clean = '/admin/queues/api/queues/mails/pause';
    const answer = await gateway.call('PUT', clean, { token: admin });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await mails.isPaused()).toBe(false);
  });
});
