import fc from 'fast-check';
import { always, cover, grainMs, joined, type Grain, type Range } from './time-range';

const grains: Grain[] = ['minute', 'hour', 'day'];
const base = Date.UTC(2026, 4, 4);
const range = fc
  .tuple(fc.integer({ min: 0, max: 5 * grainMs.day }), fc.integer({ min: 0, max: 5 * grainMs.day }))
  .map(([a, b]): Range => ({ from: base + Math.min(a, b), to: base + Math.max(a, b) }));

/** How often what happens at a time is counted. */
const weight = ({ spans, edges }: ReturnType<typeof cover>, time: number): number =>
  spans.filter(({ from, to }) => from <= time && time < to).length +
  edges.filter(({ from, to }) => from <= time && time < to).reduce((sum, { sign }) => sum + sign, 0);

describe('a range of time', () => {
  it('counts what lies in it once and everything else not at all, whatever its ends', () => {
    fc.assert(
      fc.property(range, fc.integer({ min: -grainMs.day, max: 6 * grainMs.day }), (wanted, offset) => {
        const covered = cover(wanted, grains);
        const times = [base + offset, wanted.from, wanted.to, wanted.from - 1, wanted.to - 1];
        for (const time of times) {
          expect(weight(covered, time)).toBe(wanted.from <= time && time < wanted.to ? 1 : 0);
        }
      }),
    );
  });

  it('is made of whole buckets and at most half of one at each end', () => {
    fc.assert(
      fc.property(range, (wanted) => {
        const { spans, edges } = cover(wanted, grains);
        for (const { grain, from, to } of spans) expect([from % grainMs[grain], to % grainMs[grain]]).toEqual([0, 0]);
        for (const { from, to } of edges) expect(to - from).toBeLessThanOrEqual(grainMs.minute / 2);
        expect(edges.length).toBeLessThanOrEqual(2);
      }),
    );
  });

  it('takes coarse buckets where it can', () => {
    const from = Date.UTC(2026, 4, 4, 22, 58);
    const to = Date.UTC(2026, 4, 7, 1, 1);
    expect(cover({ from, to }, grains)).toEqual({
      spans: [
        { grain: 'minute', from, to: Date.UTC(2026, 4, 4, 23) },
        { grain: 'hour', from: Date.UTC(2026, 4, 4, 23), to: Date.UTC(2026, 4, 5) },
        { grain: 'day', from: Date.UTC(2026, 4, 5), to: Date.UTC(2026, 4, 7) },
        { grain: 'hour', from: Date.UTC(2026, 4, 7), to: Date.UTC(2026, 4, 7, 1) },
        { grain: 'minute', from: Date.UTC(2026, 4, 7, 1), to },
      ],
      edges: [],
    });
  });

  it('is days alone where it has no ends', () => {
    expect(cover(always, grains)).toEqual({ spans: [{ grain: 'day', ...always }], edges: [] });
  });

  it('of a few seconds is counted from the orders', () => {
    const [from, to] = [base + 40_000, base + 50_000];
    expect(cover({ from, to }, grains)).toEqual({
      spans: [],
      edges: [
        { from, to: base + 60_000, sign: 1 },
        { from: to, to: base + 60_000, sign: -1 },
      ],
    });
  });

  it('joins what follows each other', () => {
    const hours = [0, 1, 2, 4].map((hour) => ({ grain: 'hour' as const, from: hour, to: hour + 1 }));
    expect(joined(hours)).toEqual([
      { grain: 'hour', from: 0, to: 3 },
      { grain: 'hour', from: 4, to: 5 },
    ]);
  });
});
