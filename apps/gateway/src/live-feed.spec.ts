import type { OrderEvent } from '@suite/contracts';
import { LiveFeed } from './live-feed';

const event = (orderId: string, seq: number): OrderEvent => ({
  id: `${orderId}.${seq}`,
  orderId,
  userId: 'u',
  number: orderId,
  seq,
  kind: 'status',
  status: 'PENDING',
  at: '2026-01-01T00:00:00.000Z',
  tier: 'standard',
});

/** A feed whose catching up is answered by hand. */
function feedOf(lastEventId?: string) {
  const heard: string[] = [];
  const asked: object[] = [];
  const waiting: { resolve: (events: OrderEvent[]) => void; reject: (error: Error) => void }[] = [];
  const missed = (since: object) => {
    asked.push(since);
    return new Promise<OrderEvent[]>((resolve, reject) => waiting.push({ resolve, reject }));
  };
  const feed = new LiveFeed(missed, ({ id }) => heard.push(id), lastEventId);
  const answer = async (...events: OrderEvent[]) => {
    waiting.shift()!.resolve(events);
    await new Promise(setImmediate);
  };
  const fail = () => waiting.shift()!.reject(new Error('away'));
  return { feed, heard, asked, answer, fail };
}

describe('a live feed', () => {
  it('says at once what happens, when nothing was heard before', async () => {
    const { feed, heard, asked } = feedOf();
    await feed.open();
    feed.push(event('a', 1));
    expect(heard).toEqual(['a.1']);
    expect(asked).toEqual([]);
  });

  it('says first what was missed, then what happened meanwhile, and nothing twice', async () => {
    const { feed, heard, asked, answer } = feedOf('a.1');
    void feed.open();
    feed.push(event('a', 2));
    feed.push(event('b', 1));
    expect(heard).toEqual([]);
    await answer(event('c', 1), event('a', 2));
    expect(asked).toEqual([{ lastEventId: 'a.1' }]);
    expect(heard).toEqual(['c.1', 'a.2', 'b.1']);
  });

  it('never goes back', async () => {
    const { feed, heard, answer } = feedOf('a.1');
    void feed.open();
    await answer(event('a', 3), event('a', 2));
    feed.push(event('a', 1));
    expect(heard).toEqual(['a.3']);
  });

  it('catches up again after a gap, from the event heard last', async () => {
    const { feed, heard, asked, answer } = feedOf();
    await feed.open();
    feed.push(event('a', 1));
    void feed.catchUp();
    await answer(event('a', 1), event('a', 2));
    expect(asked).toEqual([{ lastEventId: 'a.1' }]);
    expect(heard).toEqual(['a.1', 'a.2']);
  });

  it('looks once more for what came while it was catching up already', async () => {
    const { feed, heard, asked, answer } = feedOf('a.1');
    void feed.open();
    void feed.catchUp();
    await answer(event('a', 2));
    await answer(event('a', 3));
    expect(asked).toEqual([{ lastEventId: 'a.1' }, { lastEventId: 'a.2' }]);
    expect(heard).toEqual(['a.2', 'a.3']);
  });

  it('keeps back what happens while it cannot catch up, until it can', async () => {
    const { feed, heard, asked, answer, fail } = feedOf('a.1');
    const opened = feed.open();
    await answer();
    await opened;
    const gap = feed.catchUp();
    fail();
    await expect(gap).rejects.toThrow('away');
    feed.push(event('a', 3));
    expect(heard).toEqual([]);
    void feed.catchUp();
    await answer(event('a', 2), event('a', 3));
    feed.push(event('a', 4));
    expect(asked).toEqual([{ lastEventId: 'a.1' }, { lastEventId: 'a.1' }, { lastEventId: 'a.1' }]);
    expect(heard).toEqual(['a.2', 'a.3', 'a.4']);
  });
});
