import { notifications, orders, type OrderChanged } from '@suite/contracts';
import { Types } from 'mongoose';
import { eventually } from '../support/eventually';
import { MailSuite } from '../support/mail-suite';
import { someCaller } from '../support/stock';

describe('what a browser has missed', () => {
  let suite: MailSuite;
  beforeAll(async () => {
    suite = await MailSuite.start();
  });
  afterAll(() => suite.stop());

  const caller = someCaller();
  const placed = (): OrderChanged =>
    suite.confirmed({ userId: caller.userId, seq: 1, status: 'PENDING', previousStatus: undefined });
  const idOf = ({ orderId, seq }: OrderChanged) => `${orderId}.${seq}`;
  const missedSince = async (lastEventId: string) => {
    const { items } = await suite.wires.ask(notifications.missed, { lastEventId }, { caller });
    return items.map(({ id }) => id);
  };
  const streams = () => suite.wires.database('notifications').collection('orderStreams');

  it('counts from when it was said, also what a replica that died had heard long before', async () => {
    const [late, early] = [placed(), placed()];
    // As that replica left it: the event is there, and the lease to say it is over.
    const past = new Date(Date.now() - 60_000);
    const { orderId, userId, number, tier, seq, kind, status, at } = late;
    await streams().insertOne({
      _id: new Types.ObjectId(orderId),
      userId: new Types.ObjectId(userId),
      ...{ number, tier, said: 0, updatedAt: past },
      events: [{ seq, kind, status, at }],
      lease: { by: 'a dead replica', until: past },
    });
    await suite.wires.tell(orders.changed, early);
    await eventually(async () => expect(await missedSince(`${'0'.repeat(24)}.1`)).toEqual([idOf(early)]));
    await suite.wires.tell(orders.changed, late);
    await eventually(async () => expect(await missedSince(idOf(early))).toEqual([idOf(late)]));
  });
});
