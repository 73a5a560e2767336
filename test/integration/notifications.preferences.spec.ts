import { Types } from 'mongoose';
import { auth, notifications, orders, type ChangeMailPreferences } from '@suite/contracts';
import { eventually } from '../support/eventually';
import { MailSuite } from '../support/mail-suite';
import { someCaller } from '../support/stock';

const ALL = {
  welcome: true,
  'order-received': true,
  'order-confirmed': true,
  'order-shipped': true,
  'order-delivered': true,
  'stock-low': true,
};

describe('which mails somebody gets', () => {
  let suite: MailSuite;
  let userId: string;

  beforeAll(async () => {
    suite = await MailSuite.start();
  });
  afterAll(() => suite.stop());
  beforeEach(async () => {
    userId = String(new Types.ObjectId());
    await suite.sandbox.turn({});
  });

  const caller = () => someCaller({ userId });
  const look = () => suite.wires.ask(notifications.mailPreferences, {}, { caller: caller() });
  const set = (changes: ChangeMailPreferences) =>
    suite.wires.ask(notifications.setMailPreferences, changes, { caller: caller() });

  it('is all of them, until they say otherwise, and again when they change their mind', async () => {
    expect(await look()).toEqual(ALL);
    expect(await set({ 'order-delivered': false, welcome: false })).toEqual({
      ...ALL,
      'order-delivered': false,
      welcome: false,
    });
    expect(await set({ welcome: true })).toEqual({ ...ALL, 'order-delivered': false });
    expect(await set({})).toEqual({ ...ALL, 'order-delivered': false });
    expect(await look()).toEqual({ ...ALL, 'order-delivered': false });
    userId = String(new Types.ObjectId());
    expect(await look()).toEqual(ALL);
  });

  it('is what all of several devices have said at once', async () => {
    const kinds = Object.keys(ALL) as (keyof typeof ALL)[];
    await Promise.all(kinds.map((kind) => set({ [kind]: false })));
    expect(Object.values(await look())).toEqual(kinds.map(() => false));
  });

  it.each([{ 'order-refunded': false }, { 'verify-email': false }, { 'order-confirmed': null }, { welcome: 'no' }])(
    'cannot be changed by %j',
    async (changes) => {
      await expect(set(changes as ChangeMailPreferences)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
      expect(await look()).toEqual(ALL);
    },
  );

  it('is heeded by all replicas: what is switched off is not sent, what is about money is', async () => {
    await set({ 'order-confirmed': false });
    const changes = Array.from({ length: 20 }, () => suite.confirmed({ userId }));
    await Promise.all(changes.map((change) => suite.wires.tell(orders.changed, change)));
    for (const change of changes) {
      expect(await suite.stateOf(orders.changed.key(change), 'unwanted')).toMatchObject({ claim: 1 });
      expect(await suite.sandbox.mailsTo(change.email)).toEqual([]);
    }
    const refund = suite.confirmed({ userId, kind: 'refund', refund: { amount: 100, lines: [] } });
    await suite.wires.tell(orders.changed, refund);
    await suite.stateOf(orders.changed.key(refund), 'sent');
    const { items } = await suite.wires.ask(notifications.mails, { limit: 1 }, { caller: caller() });
    expect(items).toMatchObject([{ kind: 'order-refunded', state: 'sent' }]);
  });

  it('is heeded also by a mail that was waiting when it was switched off', async () => {
    await suite.sandbox.turn({ smtpRefuse: 'temporary' });
    const change = suite.confirmed({ userId });
    const key = orders.changed.key(change);
    await suite.wires.tell(orders.changed, change);
    await eventually(async () => expect((await suite.mails.findOne({ _id: key }))?.error).toContain('451'));
    await set({ 'order-confirmed': false });
    await suite.sandbox.turn({});
    await suite.stateOf(key, 'unwanted');
    expect(await suite.sandbox.mailsTo(change.email)).toEqual([]);
  });

  it('is said in every mail that may be switched off, for people and for their mail programs', async () => {
    const change = suite.confirmed({ userId });
    await suite.wires.tell(orders.changed, change);
    await suite.stateOf(orders.changed.key(change), 'sent');
    const [mail] = await suite.sandbox.mailsTo(change.email);
    const where = 'http://127.0.0.1:8080/mail-preferences';
    expect(mail.headers).toContainEqual({ name: 'list-unsubscribe', value: `<${where}>` });
    expect(mail.text).toContain(`You can choose which mails you get: ${where}`);
    expect(mail.html).toContain(`<a href="${where}">`);
    const { key, to } = await suite.enqueue({ userId });
    await suite.stateOf(key, 'sent');
    const [token] = await suite.sandbox.mailsTo(to);
    expect(token.headers.map(({ name }) => name)).not.toContain('list-unsubscribe');
    expect(token.text).not.toContain('mail-preferences');
  });

  it('is forgotten with the account', async () => {
    await set({ welcome: false });
    await suite.wires.tell(auth.userErased, { userId, at: new Date().toISOString() });
    const preferences = suite.wires.database('notifications').collection('mailPreferences');
    await eventually(async () => expect(await preferences.findOne({ _id: new Types.ObjectId(userId) })).toBeNull());
  });
});
