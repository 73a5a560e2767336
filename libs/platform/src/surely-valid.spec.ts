import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { PickType } from '@nestjs/swagger';
import {
  IsFlag,
  IsId,
  IsIds,
  IsListOf,
  IsMoment,
  IsOneOf,
  IsPart,
  IsRecord,
  IsText,
  IsWhole,
  ChangesOf,
  OrderChanged,
  PlaceOrder,
  Reserve,
} from '@suite/contracts';
import { isSurelyValid } from './surely-valid';

class Part {
  @IsText(1, 5)
  name: string;

  @IsWhole(0, 9, { optional: true })
  count?: number;
}

class Body {
  @IsId()
  id: string;

  @IsIds(2, { optional: true })
  ids?: string[];

  @IsPart(Part)
  part: Part;

  @IsListOf(Part, 1, 2, { optional: true })
  parts?: Part[];

  @IsOneOf(['a', 'b'], { optional: true })
  letter?: string;

  @IsMoment({ optional: true })
  from?: string;

  @IsMoment({ optional: true, notBefore: 'from' })
  to?: string;

  @IsRecord({ optional: true })
  record?: object;

  @IsFlag({ optional: true })
  flag?: boolean;
}

class Changes extends ChangesOf(Body) {}
class Picked extends PickType(Body, ['part', 'parts'] as const) {}

const id = '665f1c2e9b3e4a0012345678';
const whole = { id, part: { name: 'tea' } };

const changed = {
  ...{ orderId: id, number: '0NK47Q9XM2PB', userId: id, tier: 'vip', email: 'jo@example.com', name: 'Jo' },
  items: [
    {
      ...{ stockId: id, productId: id, sku: 'TEA-1', name: 'Sencha', quantity: 1, price: 5, lineTotal: 5 },
      ...{ shipped: 0, refunded: 0 },
    },
  ],
  ...{ total: 5, currency: 'EUR', failure: undefined, seq: 2, kind: 'status', status: 'CONFIRMED' },
  ...{ previousStatus: 'PENDING', at: '2026-05-04T12:00:00.000Z', reason: undefined },
};

const isValid = (type: new () => object, body: object): boolean =>
  validateSync(plainToInstance(type, body), {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: false,
  }).length === 0;

/** Now right, now wrong, now something else altogether. */
const odd = fc.oneof(fc.constantFrom(undefined, null, '', 0, [], {}, [[]], [null], '2026-01-01'), fc.anything());
const part = fc.record(
  { name: fc.oneof(fc.string({ maxLength: 7 }), odd), count: fc.oneof(fc.integer(), odd) },
  { requiredKeys: [] },
);
const moment = fc.oneof(fc.constantFrom('2026-05-04', '2026-05-03T12:00Z', '2026-13-01'), odd);
const bodies = fc.record(
  {
    id: fc.oneof(fc.constant(id), odd),
    ids: fc.oneof(fc.array(fc.constant(id), { maxLength: 3 }), odd),
    part: fc.oneof({ weight: 4, arbitrary: part }, { weight: 1, arbitrary: odd }),
    parts: fc.oneof(fc.array(part, { maxLength: 3 }), odd),
    letter: fc.oneof(fc.constantFrom('a', 'b', 'c'), odd),
    from: moment,
    to: moment,
    record: odd,
    flag: fc.oneof(fc.boolean(), odd),
    constructor: odd,
    surplus: odd,
  },
  { requiredKeys: [] },
);

describe('isSurelyValid', () => {
  it.each([Body, Changes, Picked])('never lets pass what class-validator refuses', (type) => {
    fc.assert(
      fc.property(bodies, (body) => {
        expect(isSurelyValid(type, body) && !isValid(type, body)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['the least', Body, whole],
    [
      'all fields',
      Body,
      {
        ...whole,
        ids: [id],
        parts: [{ name: 'a', count: 1 }],
        letter: 'a',
        from: '2026-05-04',
        record: {},
        flag: true,
      },
    ],
    ['no change', Changes, {}],
    ['a selection of fields', Picked, { part: { name: 'tea' } }],
    ['an order', PlaceOrder, { items: [{ stockId: id, quantity: 1 }] }],
    ['what happened to an order', OrderChanged, changed],
    [
      'a reservation',
      Reserve,
      { orderId: id, epoch: 0, tier: 'vip', lines: [{ stockId: id, quantity: 2 }], commit: true },
    ],
  ])('says so of %s', (_what, type: new () => object, body) => {
    expect(isValid(type, body)).toBe(true);
    expect(isSurelyValid(type, body)).toBe(true);
  });

  it.each([
    ['an unknown field', { ...whole, surplus: 1 }],
    ['an unknown field of a part', { ...whole, part: { name: 'tea', surplus: 1 } }],
    ['a missing field', { id }],
    ['a null', { ...whole, letter: null }],
    ['a part that is a list', { ...whole, part: [{ name: 'tea' }] }],
    ['too long a list', { ...whole, ids: [id, id, id] }],
    ['an end before the beginning', { ...whole, from: '2026-05-04', to: '2026-05-03' }],
    ['a prototype', JSON.parse(`{"id":"${id}","part":{"name":"tea"},"__proto__":{"flag":true}}`) as object],
  ])('does not say so of %s', (_what, body) => {
    expect(isSurelyValid(Body, body)).toBe(false);
  });
});
