import { Queue } from 'bullmq';
import type { Collection } from 'mongodb';
import { Types } from 'mongoose';
import { healthOf, notifications, orders, type OrderChanged, type SendMail } from '@suite/contracts';
import { jobOptions } from '@suite/platform';
import { eventually } from '../support/eventually';
import { Sandbox } from '../support/sandbox';
import { Service } from '../support/service';
import { openWires, type Wires } from '../support/wires';

interface MailDocument {
  _id: string;
  state: string;
  claim: number;
  error?: string;
  data: { secret?: string };
  leaseUntil?: Date;
  checkAt?: Date;
  expiresAt?: Date;
}

/** Short times, so that what follows a crash or a refusal follows within a test. */
const SETTINGS = { MAIL_TIMEOUT_MS: '500', MAIL_LEASE_MS: '2000', MAIL_SWEEP_MS: '300' };

describe('the mails of notifications', () => {
  let wires: Wires;
  let sandbox: Sandbox;
  let replicas: Service[];
  let queue: Queue<SendMail>;
  let mails: Collection<MailDocument>;
  let customers = 0;

  const startReplica = () =>
    Service.start('apps/notifications/src/main.ts', { ...wires.environment, ...sandbox.environment, ...SETTINGS });
  const newAddress = () => `customer-${++customers}@example.com`;

  beforeAll(async () => {
    [wires, sandbox] = await Promise.all([openWires(), Sandbox.start()]);
    replicas = await Promise.all([startReplica(), startReplica()]);
    mails = wires.database('notifications').collection('mails');
    queue = new Queue(notifications.sendMail.queue, { connection: wires.redis });
  });

  afterAll(async () => {
    await queue.close();
    await Promise.all([...replicas, sandbox].map((service) => service.stop()));
    await wires.close();
  });

  beforeEach(() => sandbox.turn({}));

  const confirmed = (changes: Partial<OrderChanged> = {}): OrderChanged => ({
    orderId: String(new Types.ObjectId()),
    number: 'A7K2-9QXM-41',
    userId: String(new Types.ObjectId()),
    tier: 'standard',
    email: newAddress(),
    name: 'Jo Doe',
    seq: 2,
    kind: 'status',
    status: 'CONFIRMED',
    previousStatus: 'PENDING',
    at: new Date().toISOString(),
    items: [
      {
        stockId: String(new Types.ObjectId()),
        productId: String(new Types.ObjectId()),
        sku: 'TEA-0001',
        name: 'Sencha',
        quantity: 2,
        price: 1250,
        lineTotal: 2500,
        shipped: 0,
        refunded: 0,
      },
    ],
    total: 2500,
    currency: 'USD',
    ...changes,
  });

  /** As auth enqueues it. */
  async function enqueue(mail: Partial<SendMail> = {}, attempts?: number): Promise<SendMail> {
    const key = `verify-email-${String(new Types.ObjectId())}`;
    const data = { secret: 'one-time-secret' };
    const whole: SendMail = { key, kind: 'verify-email', to: newAddress(), data, ...mail };
    const options = jobOptions(notifications.sendMail, whole);
    await queue.add(notifications.sendMail.name, whole, { ...options, ...(attempts && { attempts }) });
    return whole;
  }

  const stateOf = (key: string, state: string) =>
    eventually(
      async () => {
        const mail = await mails.findOne({ _id: key });
        expect(mail?.state).toBe(state);
        return mail!;
      },
      { timeoutMs: 15_000 },
    );

  it('tell of a confirmed order once, whoever hears of it and however often', async () => {
    const change = confirmed();
    await Promise.all([1, 2, 3, 4, 5].map(() => wires.tell(orders.changed, change)));
    const key = orders.changed.key(change);
    await stateOf(key, 'sent');
    // Told again after it was sent; a mail behind it shows when that was heard.
    await wires.tell(orders.changed, change);
    const later = confirmed();
    await wires.tell(orders.changed, later);
    await stateOf(orders.changed.key(later), 'sent');

    const [mail, ...others] = await sandbox.mailsTo(change.email);
    expect(others).toEqual([]);
    expect(mail.subject).toBe('Your order A7K2-9QXM-41 is confirmed');
    expect(mail.text).toContain('2 × Sencha: $25.00');
    expect(mail.messageId).toBe(`<${key.replace('.', '=2e')}@127.0.0.1>`);
    expect(await mails.findOne({ _id: key })).toMatchObject({ claim: 1, expiresAt: expect.any(Date) });
  });

  it('are not written for anything else that happens to an order', async () => {
    const address = newAddress();
    await wires.tell(orders.changed, confirmed({ email: address, status: 'PENDING', seq: 1 }));
    await wires.tell(orders.changed, confirmed({ email: address, kind: 'shipment', seq: 3 }));
    await wires.tell(orders.changed, confirmed({ email: address }));
    await eventually(async () => expect(await mails.countDocuments({ to: address, state: 'sent' })).toBe(1));
    expect(await mails.countDocuments({ to: address })).toBe(1);
  });

  it('are shared out: a hundred orders, one mail each', async () => {
    const changes = Array.from({ length: 100 }, () => confirmed());
    await Promise.all(
      changes.flatMap((change) => [change, change]).map((change) => wires.tell(orders.changed, change)),
    );
    const keys = changes.map((change) => orders.changed.key(change));
    await eventually(async () => expect(await mails.countDocuments({ _id: { $in: keys }, state: 'sent' })).toBe(100), {
      timeoutMs: 25_000,
    });
    for (const { email } of changes) expect(await sandbox.mailsTo(email)).toHaveLength(1);
  });

  it('carry what a customer is called, and nothing that it could do', async () => {
    const name = `Zoë 🎉 <script>alert(1)</script>\r\nBcc: victim@example.com\r\n\r\nCall 0800`;
    const change = confirmed({ name, number: 'A-1\r\nX-Evil: yes' });
    await wires.tell(orders.changed, change);
    await stateOf(orders.changed.key(change), 'sent');
    const [mail] = await sandbox.mailsTo(change.email);
    expect(mail.headers.map((header) => header.name).sort()).toEqual([
      'auto-submitted',
      'content-type',
      'date',
      'from',
      'message-id',
      'mime-version',
      'subject',
      'to',
    ]);
    expect(await sandbox.mailsTo('victim@example.com')).toEqual([]);
    expect(mail.to).toEqual([change.email]);
    expect(mail.subject).toBe('Your order A-1 X-Evil: yes is confirmed');
    expect(mail.text).toContain('Hello Zoë 🎉 <script>alert(1)</script> Bcc: victim@example.com Call 0800,');
    expect(mail.html).not.toContain('<script');
    expect(mail.html).toContain('Zoë 🎉 &lt;script&gt;');
  });

  it('with a one-time token leave none of it behind once they are sent', async () => {
    const { key, to } = await enqueue();
    expect((await stateOf(key, 'sent')).data).toEqual({});
    const [mail] = await sandbox.mailsTo(to);
    expect(mail.text).toContain('/verify-email#token=one-time-secret');
    const job = await queue.getJob(notifications.sendMail.key({ key } as SendMail));
    expect(JSON.stringify(job)).not.toContain('one-time-secret');
  });

  it('are sent later, once, when the mail server refuses them for now', async () => {
    await sandbox.turn({ smtpRefuse: 'temporary' });
    const { key, to } = await enqueue();
    await eventually(async () => expect((await mails.findOne({ _id: key }))?.error).toContain('451'));
    // Worth knowing, and no reason for the shop to be unready.
    const note = { name: 'smtp', status: 'up', detail: 'the mail server answered 451' };
    await eventually(async () => {
      expect((await wires.ask(healthOf('notifications'), {})).checks).toContainEqual(note);
    });
    await sandbox.turn({});
    expect(await stateOf(key, 'sent')).not.toHaveProperty('error');
    expect(await sandbox.mailsTo(to)).toHaveLength(1);
  });

  it('are failed, and kept, when it refuses them for good', async () => {
    await sandbox.turn({ smtpRefuse: 'permanent' });
    const { key, to } = await enqueue();
    const mail = await stateOf(key, 'failed');
    expect(mail).toMatchObject({ error: expect.stringContaining('550'), claim: 1, data: {} });
    expect(mail).not.toHaveProperty('checkAt');
    await sandbox.turn({});
    const job = await queue.getJob(notifications.sendMail.key({ key } as SendMail));
    await eventually(async () => expect(await job!.getState()).toBe('failed'));
    expect(await sandbox.mailsTo(to)).toEqual([]);
  });

  it('are failed, and kept, when all attempts have been in vain', async () => {
    await sandbox.turn({ smtpRefuse: 'temporary' });
    const { key } = await enqueue({}, 2);
    expect(await stateOf(key, 'failed')).toMatchObject({ error: expect.stringContaining('451'), claim: 2 });
  });

  it('do not wait for ever for a mail server that hangs', async () => {
    await sandbox.turn({ smtpDelayMs: 60_000 });
    const { key, to } = await enqueue();
    await eventually(async () => expect((await mails.findOne({ _id: key }))?.error).toContain('longer than 500 ms'));
    await sandbox.turn({});
    await stateOf(key, 'sent');
    expect(await sandbox.mailsTo(to)).toHaveLength(1);
  });

  it('are refused when they lack what their kind needs', async () => {
    const { key } = await enqueue({ kind: 'reset-password', data: {} });
    await eventually(async () => {
      const job = await queue.getJob(notifications.sendMail.key({ key } as SendMail));
      expect(job?.failedReason).toContain('VALIDATION_FAILED');
    });
    expect(await mails.findOne({ _id: key })).toBeNull();
  });

  it('find their sender again when Redis has been emptied', async () => {
    await sandbox.turn({ smtpRefuse: 'temporary' });
    const { key, to } = await enqueue();
    await eventually(async () => expect((await mails.findOne({ _id: key }))?.error).toContain('451'));
    await wires.redis.flushdb();
    // The next look is minutes away for a mail that a job is known to come back to: bring it near.
    await mails.updateOne({ _id: key }, { $set: { checkAt: new Date() } });
    await sandbox.turn({});
    await stateOf(key, 'sent');
    expect(await sandbox.mailsTo(to)).toHaveLength(1);
  });

  it('are taken over when their sender is killed in the middle', async () => {
    await sandbox.turn({ smtpDelayMs: 60_000 });
    const sent = await Promise.all(Array.from({ length: 6 }, () => enqueue()));
    await eventually(async () => expect(await mails.countDocuments({ state: 'sending' })).toBeGreaterThan(0));
    replicas[0].process.kill('SIGKILL');
    await sandbox.turn({});
    for (const { key, to } of sent) {
      await stateOf(key, 'sent');
      expect(await sandbox.mailsTo(to)).toHaveLength(1);
    }
    replicas[0] = await startReplica();
  });

  it('are sent once also when their sender was frozen, was taken over and woke up', async () => {
    await replicas[1].stop();
    await sandbox.turn({ smtpDelayMs: 300 });
    const { key, to } = await enqueue();
    await eventually(async () => expect((await mails.findOne({ _id: key }))?.state).toBe('sending'));
    replicas[0].process.kill('SIGSTOP');
    await sandbox.turn({});
    replicas[1] = await startReplica();
    await stateOf(key, 'sent');
    replicas[0].process.kill('SIGCONT');
    const { key: next } = await enqueue();
    await stateOf(next, 'sent');
    expect(new Set((await sandbox.mailsTo(to)).map(({ messageId }) => messageId)).size).toBe(1);
    expect((await mails.findOne({ _id: key }))?.state).toBe('sent');
  });

  it('wait out an end in good order: nothing in hand is lost or doubled', async () => {
    await sandbox.turn({ smtpDelayMs: 200 });
    const sent = await Promise.all(Array.from({ length: 10 }, () => enqueue()));
    await eventually(async () => expect(await mails.countDocuments({ state: 'sending' })).toBeGreaterThan(0));
    expect(await replicas[0].stop()).toBe(0);
    for (const { key, to } of sent) {
      expect((await stateOf(key, 'sent')).claim).toBe(1);
      expect(await sandbox.mailsTo(to)).toHaveLength(1);
    }
    replicas[0] = await startReplica();
  });
});
