import { healthOf, notifications, orders, type OrderChanged, type SendMail } from '@suite/contracts';
import { eventually } from '../support/eventually';
import { MailSuite, PATIENCE_MS } from '../support/mail-suite';

describe('the mails of notifications', () => {
  let suite: MailSuite;

  beforeAll(async () => {
    suite = await MailSuite.start();
  });

  afterAll(() => suite.stop());

  beforeEach(() => suite.sandbox.turn({}));

  it('tell of a confirmed order once, whoever hears of it and however often', async () => {
    const change = suite.confirmed();
    await Promise.all([1, 2, 3, 4, 5].map(() => suite.wires.tell(orders.changed, change)));
    const key = orders.changed.key(change);
    await suite.stateOf(key, 'sent');
    // Told again after it was sent; a mail behind it shows when that was heard.
    await suite.wires.tell(orders.changed, change);
    const later = suite.confirmed();
    await suite.wires.tell(orders.changed, later);
    await suite.stateOf(orders.changed.key(later), 'sent');

    const [mail, ...others] = await suite.sandbox.mailsTo(change.email);
    expect(others).toEqual([]);
    expect(mail.subject).toBe('Your order A7K2-9QXM-41 is confirmed');
    expect(mail.text).toContain('2 × Sencha: $25.00');
    expect(mail.messageId).toBe(`<${key.replace('.', '=2e')}@127.0.0.1>`);
    expect(await suite.mails.findOne({ _id: key })).toMatchObject({ claim: 1, expiresAt: expect.any(Date) });
  });

  it('tell of each step once, of what happens without a step too, and of nothing else', async () => {
    const address = suite.newAddress();
    const { orderId } = suite.confirmed();
    const tell = (change: Partial<OrderChanged>) =>
      suite.wires.tell(orders.changed, suite.confirmed({ orderId, email: address, ...change }));
    const parcel = { carrier: 'DHL', items: [{ stockId: orderId, quantity: 1 }] };
    await tell({ seq: 1, status: 'PENDING' });
    await tell({ seq: 2, status: 'CONFIRMED' });
    await tell({ seq: 3, status: 'SHIPPED', shipment: parcel });
    await tell({ seq: 4, status: 'SHIPPED', kind: 'shipment', shipment: parcel });
    await tell({ seq: 5, status: 'DELIVERED' });
    await tell({ seq: 6, status: 'DELIVERED', kind: 'refund', refund: { amount: 100, lines: [] } });
    await tell({ seq: 7, status: 'REFUNDED', refund: { amount: 2_400, lines: [] } });
    await tell({ seq: 8, status: 'CANCELLED' });
    await tell({ seq: 9, status: 'FAILED' });
    await tell({ seq: 10, status: 'AWAITING_PAYMENT', kind: 'payment' });
    await eventually(async () => expect(await suite.mails.countDocuments({ to: address, state: 'sent' })).toBe(9), {
      timeoutMs: PATIENCE_MS,
    });
    const subjects = (await suite.sandbox.mailsTo(address)).map(({ subject }) => subject).sort();
    expect(subjects).toEqual([
      'A refund for your order A7K2-9QXM-41: $1.00',
      'A refund for your order A7K2-9QXM-41: $24.00',
      'More of your order A7K2-9QXM-41 is on its way',
      'The payment of your order A7K2-9QXM-41 was declined',
      'Your order A7K2-9QXM-41 could not be completed',
      'Your order A7K2-9QXM-41 is cancelled',
      'Your order A7K2-9QXM-41 is confirmed',
      'Your order A7K2-9QXM-41 is on its way',
      'Your order A7K2-9QXM-41 was delivered',
    ]);
  });

  it('are shared out: a hundred orders, one mail each', async () => {
    const changes = Array.from({ length: 100 }, () => suite.confirmed());
    await Promise.all(
      changes.flatMap((change) => [change, change]).map((change) => suite.wires.tell(orders.changed, change)),
    );
    const keys = changes.map((change) => orders.changed.key(change));
    await eventually(
      async () => expect(await suite.mails.countDocuments({ _id: { $in: keys }, state: 'sent' })).toBe(100),
      {
        timeoutMs: 25_000,
      },
    );
    for (const { email } of changes) expect(await suite.sandbox.mailsTo(email)).toHaveLength(1);
  });

  it('carry what a customer is called, and nothing that it could do', async () => {
    const name = `Zoë 🎉 <script>alert(1)</script>\r\nBcc: victim@example.com\r\n\r\nCall 0800`;
    const change = suite.confirmed({ name, number: 'A-1\r\nX-Evil: yes' });
    await suite.wires.tell(orders.changed, change);
    await suite.stateOf(orders.changed.key(change), 'sent');
    const [mail] = await suite.sandbox.mailsTo(change.email);
    expect(mail.headers.map((header) => header.name).sort()).toEqual([
      'auto-submitted',
      'content-type',
      'date',
      'from',
      'list-unsubscribe',
      'message-id',
      'mime-version',
      'subject',
      'to',
    ]);
    expect(await suite.sandbox.mailsTo('victim@example.com')).toEqual([]);
    expect(mail.to).toEqual([change.email]);
    expect(mail.subject).toBe('Your order A-1 X-Evil: yes is confirmed');
    expect(mail.text).toContain('Hello Zoë 🎉 <script>alert(1)</script> Bcc: victim@example.com Call 0800,');
    expect(mail.html).not.toContain('<script');
    expect(mail.html).toContain('Zoë 🎉 &lt;script&gt;');
  });

  it('with a one-time token leave none of it behind once they are sent', async () => {
    const { key, to } = await suite.enqueue();
    expect((await suite.stateOf(key, 'sent')).data).toEqual({});
    const [mail] = await suite.sandbox.mailsTo(to);
    expect(mail.text).toContain('/verify-email#token=one-time-secret');
    const job = await suite.queue.getJob(notifications.sendMail.key({ key } as SendMail));
    expect(JSON.stringify(job)).not.toContain('one-time-secret');
  });

  it('are sent once when several jobs ask for the same one, at once and afterwards', async () => {
    await suite.sandbox.turn({ smtpDelayMs: 200 });
    const { key, to, ...rest } = await suite.enqueue();
    const again = (n: number) => ({
      name: notifications.sendMail.name,
      data: { key, to, ...rest },
      opts: { jobId: `${key}-${n}` },
    });
    const jobs = await suite.queue.addBulk([1, 2, 3, 4].map(again));
    await suite.stateOf(key, 'sent');
    const late = await suite.queue.add(notifications.sendMail.name, { key, to, ...rest }, again(5).opts);
    for (const job of [...jobs, late]) {
      await eventually(async () => expect(await job.getState()).toBe('completed'), { timeoutMs: PATIENCE_MS });
    }
    expect(await suite.sandbox.mailsTo(to)).toHaveLength(1);
    expect(await suite.mails.findOne({ _id: key })).toMatchObject({ state: 'sent', claim: 1, data: {} });
  });

  it('are sent later, once, when the mail server refuses them for now', async () => {
    await suite.sandbox.turn({ smtpRefuse: 'temporary' });
    const { key, to } = await suite.enqueue();
    await eventually(async () => expect((await suite.mails.findOne({ _id: key }))?.error).toContain('451'));
    // Worth knowing, and no reason for the shop to be unready.
    const note = { name: 'smtp', status: 'up', detail: 'the mail server answered 451' };
    await eventually(async () => {
      expect((await suite.wires.ask(healthOf('notifications'), {})).checks).toContainEqual(note);
    });
    await suite.sandbox.turn({});
    expect(await suite.stateOf(key, 'sent')).not.toHaveProperty('error');
    expect(await suite.sandbox.mailsTo(to)).toHaveLength(1);
  });

  it('are failed, and kept, when it refuses them for good', async () => {
    await suite.sandbox.turn({ smtpRefuse: 'permanent' });
    const { key, to } = await suite.enqueue();
    const mail = await suite.stateOf(key, 'failed');
    expect(mail).toMatchObject({ error: expect.stringContaining('550'), claim: 1, data: {} });
    expect(mail).not.toHaveProperty('checkAt');
    await suite.sandbox.turn({});
    const job = await suite.queue.getJob(notifications.sendMail.key({ key } as SendMail));
    await eventually(async () => expect(await job!.getState()).toBe('failed'));
    expect(await suite.sandbox.mailsTo(to)).toEqual([]);
  });

  it('are failed, and kept, when all attempts have been in vain', async () => {
    await suite.sandbox.turn({ smtpRefuse: 'temporary' });
    const { key } = await suite.enqueue({}, 2);
    expect(await suite.stateOf(key, 'failed')).toMatchObject({ error: expect.stringContaining('451'), claim: 2 });
  });

  it('are refused when they lack what their kind needs', async () => {
    const { key } = await suite.enqueue({ kind: 'reset-password', data: {} });
    await eventually(async () => {
      const job = await suite.queue.getJob(notifications.sendMail.key({ key } as SendMail));
      expect(job?.failedReason).toContain('VALIDATION_FAILED');
    });
    expect(await suite.mails.findOne({ _id: key })).toBeNull();
  });
});
