import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { createTransport } from 'nodemailer';
import type { MailSummaryView, MailView } from '../../apps/sandbox/src/mail';
import { SandboxConfig } from '../../apps/sandbox/src/sandbox.config';
import { SandboxModule } from '../../apps/sandbox/src/sandbox.module';
import { freePort } from '../support/free-port';

const HOSTILE = `"><script>alert('x')</script>`;

describe('the mail sandbox', () => {
  let app: NestFastifyApplication;
  let url: string;
  let smtpPort: number;

  beforeAll(async () => {
    smtpPort = await freePort();
    const settings = Object.assign(new SandboxConfig(), { SANDBOX_SMTP_PORT: smtpPort, SANDBOX_MAX_MAILS: 3 });
    const testing = await Test.createTestingModule({ imports: [SandboxModule] })
      .overrideProvider(SandboxConfig)
      .useValue(settings)
      .compile();
    app = testing.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });

  afterAll(() => app.close());

  beforeEach(async () => {
    await fetch(`${url}/api/mails`, { method: 'DELETE' });
    await turn({});
  });

  const turn = (switches: object) =>
    fetch(`${url}/api/switches`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(switches),
    });
  const list = async (query = '') =>
    (await (await fetch(`${url}/api/mails?${query}`)).json()) as { data: MailSummaryView[]; meta: { total: number } };
  const open = async (id: string) =>
    ((await (await fetch(`${url}/api/mails/${id}`)).json()) as { data: MailView }).data;

  async function send(mail: object = {}, options: object = {}): Promise<void> {
    const transport = createTransport({ host: '127.0.0.1', port: smtpPort, ...options });
    try {
      await transport.sendMail({
        from: 'shop@example.com',
        to: 'jo@example.com',
        subject: 'Hello',
        text: 'Hi',
        ...mail,
      });
    } finally {
      transport.close();
    }
  }

  it('accepts mails from anybody, with or without a login, and finds them by recipient and subject', async () => {
    await send({ to: ['Jo@example.com', 'vip@example.com'], subject: 'Order A-1 confirmed' });
    await send({ to: 'al@example.com', subject: 'Welcome' }, { auth: { user: 'anybody', pass: 'anything' } });

    expect((await list()).data.map(({ subject }) => subject)).toEqual(['Welcome', 'Order A-1 confirmed']);
    expect((await list('to=jo@example.com')).data).toMatchObject([{ to: ['Jo@example.com', 'vip@example.com'] }]);
    expect((await list('to=vip@example.com&subject=CONFIRMED')).meta.total).toBe(1);
    expect((await list('to=al@example.com&subject=confirmed')).data).toEqual([]);
  });

  it('shows a mail with its parts, as it came', async () => {
    await send({ text: 'plain 🎉', html: '<b>bold 🎉</b>', attachments: [{ filename: 'bill.txt', content: '12345' }] });
    const [{ id }] = (await list()).data;
    expect(await open(id)).toMatchObject({
      from: 'shop@example.com',
      subject: 'Hello',
      text: expect.stringContaining('plain 🎉'),
      html: expect.stringContaining('<b>bold 🎉</b>'),
      headers: expect.arrayContaining([{ name: 'to', value: 'jo@example.com' }]),
      attachments: [{ filename: 'bill.txt', type: 'text/plain', bytes: 5 }],
    });
    expect((await fetch(`${url}/api/mails/none`)).status).toBe(404);
  });

  it('keeps only so many, the newest', async () => {
    for (const subject of ['1', '2', '3', '4']) await send({ subject });
    expect((await list()).data.map(({ subject }) => subject)).toEqual(['4', '3', '2']);
  });

  it('refuses a mail that is too large, and goes on', async () => {
    await expect(send({ text: 'x'.repeat(3 * 1024 * 1024) })).rejects.toMatchObject({ responseCode: 552 });
    await send();
    expect((await list()).meta.total).toBe(1);
  });

  it.each([
    ['temporary', 451],
    ['permanent', 550],
  ])('refuses for test: %s with %i, until it is told to stop', async (smtpRefuse, responseCode) => {
    await turn({ smtpRefuse });
    await expect(send()).rejects.toMatchObject({ responseCode });
    await turn({});
    await send();
    expect((await list()).meta.total).toBe(1);
  });

  it('refuses the mails of some addresses alone, if told so', async () => {
    await turn({ smtpRefuse: 'permanent', smtpRefuseTo: 'max@' });
    await expect(send({ to: 'max@example.com' })).rejects.toMatchObject({ responseCode: 550 });
    await send();
    expect((await list()).meta.total).toBe(1);
  });

  it('can be slower than a client waits', async () => {
    await turn({ smtpDelayMs: 60_000 });
    await expect(send({}, { socketTimeout: 300 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    expect((await list()).meta.total).toBe(0);
  });

  it('refuses switches that it does not know', async () => {
    expect((await turn({ smtpRefuse: 'sometimes' })).status).toBe(400);
    expect((await turn({ smtpDelay: 5 })).status).toBe(400);
  });

  it('shows hostile mails without running them', async () => {
    await send({ subject: HOSTILE, html: `<p>Hello</p><script>alert(1)</script>`, text: HOSTILE });
    const [{ id }] = (await list()).data;

    for (const path of ['/', `/mails/${id}`, `/mails/${id}?tab=text`, `/mails/${id}?tab=source`]) {
      const page = await fetch(url + path);
      const text = await page.text();
      expect(text).not.toContain('<script');
      expect(text).toContain('&lt;script&gt;');
      const policy = page.headers.get('Content-Security-Policy');
      expect(policy).toContain(`default-src 'none'`);
      // The page's own style is what the policy allows: its hash fits to the byte.
      const style = /<style>([\s\S]*)<\/style>/.exec(text)![1];
      expect(policy).toContain(createHash('sha256').update(style).digest('base64'));
    }

    const body = await fetch(`${url}/mails/${id}/html`);
    expect(await body.text()).toContain('<p>Hello</p>');
    const policy = body.headers.get('Content-Security-Policy')!;
    expect(policy).toContain(`default-src 'none'`);
    expect(policy).toMatch(/(^|; )sandbox (?!.*allow-(scripts|same-origin))/);
  });

  it('is emptied by the button on its page', async () => {
    await send();
    const answer = await fetch(`${url}/clear`, { method: 'POST', redirect: 'manual' });
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/']);
    expect((await list()).meta.total).toBe(0);
  });

  it('never starts in production', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/apps/sandbox/src/main.js'], {
      env: { ...process.env, NODE_ENV: 'production', LOG_DIR: 'none', CALLER_SECRET: randomBytes(32).toString('hex') },
      encoding: 'utf8',
      timeout: 15_000,
    });
    expect({ status, output: stdout + stderr }).toEqual({
      status: 78,
      output: expect.stringContaining('never starts with NODE_ENV=production'),
    });
  });
});
