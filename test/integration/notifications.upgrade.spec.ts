import { notifications } from '@suite/contracts';
import { Types } from 'mongoose';
import { Service } from '../support/service';
import { someCaller } from '../support/stock';
import { openWires, type Wires } from '../support/wires';

/** As notifications kept them before each event had a document of its own. */
const caller = someCaller();
const orderId = new Types.ObjectId();
const now = Date.now();
const said = [
  { seq: 2, kind: 'status', status: 'CONFIRMED', previousStatus: 'PENDING', place: `${now}-7` },
  { seq: 1, kind: 'status', status: 'PENDING', place: `${now}-3` },
];
const due = new Date('2099-01-01T00:00:00.000Z');
const mail = { key: 'a key', kind: 'order-received', to: 'jo@example.com', data: {} };
const stream = {
  _id: orderId,
  userId: new Types.ObjectId(caller.userId),
  number: '0NK47Q9XM2PB',
  tier: 'standard',
  events: [...said, { seq: 3, kind: 'status', status: 'SHIPPED', previousStatus: 'CONFIRMED' }].map((event) => ({
    ...event,
    at: '2026-11-26T12:00:00.000Z',
  })),
  said: 2,
  waiting: { due, mail },
  updatedAt: new Date(),
};

describe('what was said before events had documents of their own', () => {
  let wires: Wires;
  let service: Service;

  beforeAll(async () => {
    wires = await openWires();
    await wires.database('notifications').collection('orderStreams').insertOne(stream);
    service = await Service.start('apps/notifications/src/main.ts', { ...wires.environment, MAIL_ENABLED: 'false' });
  });

  afterAll(async () => {
    await service?.stop();
    await wires.close();
  });

  it('can still be asked for, in its order, and nothing that was not said', async () => {
    const { items } = await wires.ask(notifications.missed, { orderId: String(orderId) }, { caller });
    expect(items).toEqual(
      [said[1], said[0]].map(({ place: _place, ...event }) => ({
        ...event,
        id: `${String(orderId)}.${event.seq}`,
        orderId: String(orderId),
        userId: caller.userId,
        number: stream.number,
        tier: 'standard',
        at: '2026-11-26T12:00:00.000Z',
      })),
    );
  });

  it('still has the mail that waits to be sent', async () => {
    const events = wires.database('notifications').collection<{ _id: string; waiting?: object }>('orderEvents');
    const last = await events.findOne({ _id: `${String(orderId)}.2` });
    expect(last).toMatchObject({ waiting: { due, mail: JSON.stringify(mail) }, saidAt: new Date(now) });
  });
});
