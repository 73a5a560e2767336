import { Problem } from '@suite/contracts';
import { Types } from 'mongoose';
import { cursorAfter, following, pageOf, sortOf, type ListOrder } from './keyset';

const newest: ListOrder = { name: '-createdAt', by: 'createdAt', tie: '_id', direction: -1 };

describe('keyset', () => {
  const last = { _id: new Types.ObjectId(), createdAt: new Date('2026-05-04T12:00:00.123Z'), price: 3 };

  it('continues after the last item, dates and ids kept', () => {
    expect(following(newest, cursorAfter(newest, last))).toEqual({
      createdAt: { $lte: last.createdAt },
      $or: [{ createdAt: { $lt: last.createdAt } }, { _id: { $lt: last._id } }],
    });
    expect(sortOf(newest)).toEqual({ createdAt: -1, _id: -1 });
  });

  it('goes up where the list goes up', () => {
    const cheapest: ListOrder = { name: 'price', by: 'price', tie: '_id', direction: 1 };
    expect(following(cheapest, cursorAfter(cheapest, last))).toEqual({
      price: { $gte: 3 },
      $or: [{ price: { $gt: 3 } }, { _id: { $gt: last._id } }],
    });
  });

  it('shows as many as were asked for, and where the next page begins only if there is one', () => {
    const found = [last, { ...last, price: 2 }, { ...last, price: 1 }];
    expect(pageOf(newest, found, 2)).toEqual({ shown: found.slice(0, 2), nextCursor: cursorAfter(newest, found[1]) });
    expect(pageOf(newest, found, 3)).toEqual({ shown: found, nextCursor: undefined });
    expect(pageOf(newest, [], 3)).toEqual({ shown: [], nextCursor: undefined });
  });

  const cursorOf = (text: string) => Buffer.from(text).toString('base64url');

  it.each([
    ['nonsense', 'nonsense'],
    ['no list', cursorOf('{}')],
    ['another order', cursorAfter({ ...newest, name: 'price' }, last)],
    ['an operator', cursorOf('["-createdAt",{"$gt":0},"a"]')],
    ['a pattern', cursorOf('["-createdAt",{"$regularExpression":{"pattern":".","options":""}},"a"]')],
    ['too little', cursorOf('["-createdAt"]')],
  ])('refuses %s', (_what, cursor) => {
    expect(() => following(newest, cursor)).toThrow(Problem);
  });
});
