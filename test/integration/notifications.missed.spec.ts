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
  /** Once it was said. */
  async function tell(fact: OrderChanged): Promise<OrderChanged> {
    await suite.wires.tell(orders.changed, fact);
    await eventually(async () =>
      expect(await streams().findOne({ _id: new Types.ObjectId(fact.orderId) })).toMatchObject({ said: fact.seq }),
    );
    return fact;
  }
  const streams = () => suite.wires.database('notifications').collection('orderStreams');

  /** As a replica leaves it that has heard a fact and has not said it yet. */
  async function beingSaid(fact: OrderChanged, lease: { by: string; until: Date }): Promise<void> {
    const { orderId, userId, number, tier, seq, kind, status, at } = fact;
    await streams().insertOne({
      _id: new Types.ObjectId(orderId),
      userId: new Types.ObjectId(userId),
      ...{ number, tier, said: 0, lease, updatedAt: new Date(lease.until.getTime() - 3_000) },
      events: [{ seq, kind, status, at }],
    });
  }

  it('is all that followed, in the order in which it was said, and nothing that was heard before', async () => {
    const tea = await tell(placed());
    const teaConfirmed = await tell({ ...tea, seq: 2, status: 'CONFIRMED', previousStatus: 'PENDING' });
    const pot = await tell(placed());
    expect(await missedSince(idOf(tea))).toEqual([idOf(teaConfirmed), idOf(pot)]);
    expect(await missedSince(idOf(teaConfirmed))).toEqual([idOf(pot)]);
    expect(await missedSince(idOf(pot))).toEqual([]);
  });

  it('is answered once what is being said this moment has been said', async () => {
    const [before, late] = [await tell(placed()), placed()];
    await beingSaid(late, { by: 'a replica', until: new Date(Date.now() + 3_000) });
    const missed = missedSince(idOf(before));
    const asSaid = { said: 1, 'events.0.place': `${Date.now() + 1}-0` };
    await streams().updateOne({ _id: new Types.ObjectId(late.orderId) }, { $set: asSaid, $unset: { lease: 1 } });
    expect(await missed).toEqual([idOf(late)]);
  });

  it('counts from when it was said, also what a replica that died had heard long before', async () => {
    const late = placed();
    await beingSaid(late, { by: 'a replica that died', until: new Date(Date.now() - 60_000) });
    const early = await tell(placed());
    await tell(late);
    expect(await missedSince(idOf(early))).toEqual([idOf(late)]);
  });
});
