/** Whether the oracle signs is decided here; a certificate that cannot be refused would be worth nothing. */
interface Certificate {
  signed: boolean;
  wrongs: string[];
  seal: string;
  promises: { invariant: string; kept: boolean }[];
}
const { certify, sealOf, textOf } = jest.requireActual<{
  certify: (run: object) => Promise<Certificate>;
  sealOf: (content: object) => string;
  textOf: (certificate: Certificate, files: object) => string;
}>('./certificate.mjs');
const { htmlOf } = jest.requireActual<{ htmlOf: (certificate: Certificate) => string }>('./html.mjs');
const { readOptions } = jest.requireActual<{ readOptions: (args: string[]) => Record<string, unknown> }>(
  './options.mjs',
);

const answered = (orderId: string) => ({ at: 1_500, userId: 'jo', key: orderId, orderId });

/** A sale of two units to three buyers, in which all went well. */
const aRun = (changes: object = {}) => ({
  options: { buyers: 3, units: 2, seconds: 1, seed: 7 },
  begun: 1_000,
  sale: {
    asked: 4,
    repeated: 1,
    answers: [answered('a'), answered('a'), answered('b'), { at: 1_600, code: 'INSUFFICIENT_STOCK' }],
  },
  kills: [{ at: 1_200, label: 'mongodb' }],
  report: { violations: [], orders: { CONFIRMED: 2 }, figures: {} },
  left: { available: 0 },
  ...changes,
});

describe('the certificate', () => {
  it('is signed when everything adds up', async () => {
    const certificate = await certify(aRun());
    expect(certificate).toMatchObject({ signed: true, wrongs: [] });
    expect(textOf(certificate, {})).toContain('2 of 2 sold, and everything adds up. Signed by the oracle.');
  });

  it.each([
    [
      'the oracle finds something',
      {
        report: {
          violations: [{ invariant: 'I7', what: 'taken twice', count: 1, examples: ['a'] }],
          orders: { CONFIRMED: 2 },
          figures: {},
        },
      },
      'I7 taken twice (1: a)',
    ],
    [
      'more is sold than there is',
      { report: { violations: [], orders: { CONFIRMED: 3 }, figures: {} } },
      '3 units are sold, and not 2',
    ],
    [
      'less is sold than could be',
      { report: { violations: [], orders: { CONFIRMED: 1 }, figures: {} } },
      '1 units are sold, and not 2',
    ],
    ['a unit has vanished', { left: { available: 1 } }, '1 units are left of 2'],
    [
      'a buyer never learnt it',
      { sale: { asked: 1, repeated: 0, answers: [{ at: 1, code: 'no answer' }] } },
      '1 buyers were left with "no answer"',
    ],
  ])('is refused when %s', async (_what, changes, wrong) => {
    const certificate = await certify(aRun(changes));
    expect(certificate.signed).toBe(false);
    expect(certificate.wrongs).toContain(wrong);
    expect(textOf(certificate, {})).toContain('The oracle refuses to sign.');
    expect(htmlOf(certificate)).toContain('The oracle refuses to sign.');
  });

  it('says which promise is broken', async () => {
    const violations = [{ invariant: 'I2', what: 'sold', count: 1, examples: ['<b>'] }];
    const certificate = await certify(aRun({ report: { violations, orders: { CONFIRMED: 2 }, figures: {} } }));
    expect(certificate.promises.filter(({ kept }) => !kept)).toEqual([expect.objectContaining({ invariant: 'I2' })]);
    expect(htmlOf(certificate)).not.toContain('<b>');
  });

  it('shows by its seal when it was changed', async () => {
    const { seal, ...content } = await certify(aRun());
    expect(sealOf(content)).toBe(seal);
    expect(sealOf({ ...content, wrongs: ['none'] })).not.toBe(seal);
  });
});

describe('the options of a proof', () => {
  it('have defaults, and a seed of their own each time', () => {
    expect(readOptions([])).toMatchObject({ buyers: 300, units: 50, seed: expect.any(Number) as number });
  });

  it.each([[['--buyers', '0']], [['--units', '1.5']], [['--kill-every', 'now']], [['--unknown']]])(
    'refuse %j',
    (args) => expect(() => readOptions(args)).toThrow(),
  );
});
