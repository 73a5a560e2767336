import { Types } from 'mongoose';
import { auth, ERASED, notifications, orders } from '@suite/contracts';
import { eventually } from '../support/eventually';
import { MailSuite } from '../support/mail-suite';
import { someCaller } from '../support/stock';

describe('the mails of somebody', () => {
  let suite: MailSuite;
  let userId: string;

  beforeAll(async () => {
    suite = await MailSuite.start();
  }, 90_000);
  afterAll(() => suite?.stop());
  beforeEach(async () => {
    userId = String(new Types.ObjectId());
    await suite.sandbox.turn({});
  });

  const tellErased = () => suite.wires.tell(auth.userErased, { userId, at: new Date().toISOString() });
  const list = (query = {}, id = userId) =>
    suite.wires.ask(notifications.mails, query, { caller: someCaller({ userId: id }) });
  const theirs = () => suite.mails.find({ userId: new Types.ObjectId(userId) } as object).toArray();

  it('are shown to them, newest first, and to nobody else', async () => {
    const welcome = await suite.enqueue({ userId });
    await suite.stateOf(welcome.key, 'sent');
    const change = suite.confirmed({ userId });
    await suite.wires.tell(orders.changed, change);
    await suite.stateOf(orders.changed.key(change), 'sent');

    const first = await list({ limit: 1 });
    expect(first.items).toEqual([
      {
        id: orders.changed.key(change),
        kind: 'order-confirmed',
        to: change.email,
        state: 'sent',
        createdAt: expect.any(String) as string,
        endedAt: expect.any(String) as string,
      },
    ]);
    expect((await list({ limit: 1, cursor: first.meta.nextCursor })).items).toMatchObject([{ id: welcome.key }]);
    expect((await list({}, String(new Types.ObjectId()))).items).toEqual([]);
  });

  it('lose their address and their text when the account is erased, also in the queue', async () => {
    const change = suite.confirmed({ userId });
    await suite.wires.tell(orders.changed, change);
    const key = orders.changed.key(change);
    await suite.stateOf(key, 'sent');
    await eventually(async () => expect(await suite.queue.getJobState(`mail-${key}`)).toBe('completed'));
    for (let times = 0; times < 2; times++) {
      await tellErased();
      await eventually(async () =>
        expect(await theirs()).toMatchObject([{ _id: key, to: ERASED.email, data: {}, state: 'sent' }]),
      );
    }
    expect(await suite.queue.getJob(`mail-${key}`)).toBeUndefined();
  });

  it('are not sent any more when they still waited', async () => {
    await suite.sandbox.turn({ smtpRefuse: 'temporary' });
    const { key, to } = await suite.enqueue({ userId });
    await suite.stateOf(key, 'pending');
    await tellErased();
    await suite.stateOf(key, 'failed');
    // What was in hand at that moment cannot be held back: the mail server has to refuse that as well.
    await eventually(async () => expect(await suite.queue.getJobState(`mail-${key}`)).not.toBe('active'));
    await suite.sandbox.turn({});
    const later = await suite.enqueue();
    await suite.stateOf(later.key, 'sent');
    expect(await suite.sandbox.mailsTo(to)).toEqual([]);
    expect(JSON.stringify(await theirs())).not.toContain('one-time-secret');
  });

  it('are not written at all for an order that ends after its customer was erased', async () => {
    await suite.wires.tell(orders.changed, suite.confirmed({ userId, email: ERASED.email, name: ERASED.name }));
    const other = suite.confirmed();
    await suite.wires.tell(orders.changed, other);
    await suite.stateOf(orders.changed.key(other), 'sent');
    expect(await theirs()).toEqual([]);
  });
});
