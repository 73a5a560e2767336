import fc from 'fast-check';
import { newPayment } from './new-payment';
import type { PaymentRecord } from './payment.schema';
import { stateOf } from './payment.states';
import { paymentView } from './payment.view';
import { learn, type Sighting } from './sighting';

const at = new Date('2026-05-04T12:00:00Z');
const somePayment = (changes: Partial<PaymentRecord> = {}): PaymentRecord => ({
  ...newPayment({
    orderId: '665f1c2e9b3e4a0012345678',
    userId: '665f1c2e9b3e4a0012345679',
    ...{ epoch: 0, number: 'A7K2', method: 'STRIPE', flow: 'REGULAR', amount: 2_500, currency: 'USD', lines: [] },
    expiresAt: at.toISOString(),
  }),
  reference: 'pi_1',
  ...changes,
});
const after = (payment: PaymentRecord, ...seen: Sighting[]): PaymentRecord =>
  seen.reduce((known, sighting) => ({ ...known, ...learn(known, sighting, at) }), payment);

const capture = { id: 'pi_1', amount: 2_500, currency: 'USD' };

describe('learning of a payment', () => {
  const news: Sighting[] = [
    { captures: [capture] },
    { declines: [{ id: 'ch_1', reason: 'No' }] },
    { declines: [{ id: 'ch_2', reason: 'No' }] },
    { refunds: [{ reference: 're_1', key: 'back-pi_1', amount: 2_500, captureId: 'pi_1' }] },
    { disputes: [{ id: 'dp_1', amount: 2_500, reason: 'fraudulent' }] },
    { voided: true, reference: 'pi_1' },
    { approved: true },
    {},
  ];

  it('comes to the same end in any order, and however often it is told', () => {
    const inOrder = stateAndSums(after(somePayment(), ...news));
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...news, ...news], { minLength: news.length * 2, maxLength: news.length * 2 }),
        (told) => expect(stateAndSums(after(somePayment(), ...told))).toEqual(inOrder),
      ),
    );
  });

  /** All but the words of the last bad news: of two declines either may come last. */
  function stateAndSums(payment: PaymentRecord) {
    const { reason: _reason, refunds, ...rest } = paymentView(payment);
    return { ...rest, refunds: refunds.map(({ key, amount, state }) => ({ key, amount, state })) };
  }

  it('changes nothing by what is known already', () => {
    const known = after(somePayment(), ...news);
    for (const seen of news) expect(learn(known, seen, at)).toBeUndefined();
  });

  it('does not end this payment by what ended an older one', () => {
    expect(learn(somePayment(), { voided: true, reference: 'pi_old' }, at)).toBeUndefined();
    expect(learn(somePayment(), { voided: true, reference: 'pi_1' }, at)).toEqual({ voided: true });
  });

  it('finds a refund of ours by its key, and one made at the provider’s own page by its id', () => {
    const asked = { key: 'r1', amount: 500, captureId: 'pi_1', state: 'requested', attempted: true, at } as const;
    const known = after(
      somePayment({ captures: [{ ...capture, at }], refunds: [asked] }),
      { refunds: [{ reference: 're_1', key: 'r1', amount: 500, captureId: 'pi_1' }] },
      { refunds: [{ reference: 're_2', amount: 100, captureId: 'pi_1' }] },
    );
    expect(known.refunds).toMatchObject([
      { key: 'r1', state: 'done', reference: 're_1' },
      { key: 'seen-re_2', state: 'done', amount: 100 },
    ]);
    expect(paymentView(known).refunded).toBe(600);
  });
});

describe('the state of a payment', () => {
  const declines = (count: number) => Array.from({ length: count }, (_, i) => ({ id: `ch_${i}`, reason: 'No', at }));

  it.each<[string, Partial<PaymentRecord>, string]>([
    ['nothing happened', {}, 'PENDING'],
    ['what was asked for came in', { captures: [{ ...capture, at }] }, 'PAID'],
    ['a cent is missing', { captures: [{ ...capture, amount: 2_499, at }] }, 'MISMATCHED'],
    ['it came in other money', { captures: [{ ...capture, currency: 'EUR', at }] }, 'MISMATCHED'],
    [
      'it came twice',
      {
        captures: [
          { ...capture, at },
          { ...capture, id: 'pi_2', at },
        ],
      },
      'MISMATCHED',
    ],
    ['it was ended unpaid', { voided: true }, 'VOIDED'],
    ['it was declined twice', { declines: declines(2) }, 'PENDING'],
    ['it was declined three times, and can still be paid', { declines: declines(3) }, 'PENDING'],
    ['it was declined three times, and ended', { declines: declines(3), voided: true }, 'DECLINED'],
    ['the provider refused it for good, and it ended', { refused: 'No', voided: true }, 'DECLINED'],
    ['it was never opened', { rejected: 'amount_too_small' }, 'REJECTED'],
    ['it was ended, and money came all the same', { voided: true, captures: [{ ...capture, at }] }, 'PAID'],
  ])('when %s', (_why, changes, state) => expect(stateOf(somePayment(changes))).toBe(state));
});
