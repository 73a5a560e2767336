import { intervalsOf } from './timeseries';

const at = (text: string): number => Date.parse(`2026-05-${text}Z`);
const shown = (...args: Parameters<typeof intervalsOf>) =>
  intervalsOf(...args).map(({ at, from, to }) =>
    [at, from, to].map((time) => new Date(time).toISOString().slice(8, 16)),
  );

describe('the intervals of a series', () => {
  it('are cut short at its ends', () => {
    const range = { from: '2026-05-04T10:20:00Z', to: '2026-05-04T12:30:00Z' };
    expect(shown('hour', range, 0)).toEqual([
      ['04T10:00', '04T10:20', '04T11:00'],
      ['04T11:00', '04T11:00', '04T12:00'],
      ['04T12:00', '04T12:00', '04T12:30'],
    ]);
  });

  it('are the last 24 hours, or 30 days, with the present one, unless somebody says otherwise', () => {
    const hours = shown('hour', {}, at('04T10:20'));
    expect([hours.length, hours[0], hours.at(-1)]).toEqual([
      24,
      ['03T11:00', '03T11:00', '03T12:00'],
      ['04T10:00', '04T10:00', '04T11:00'],
    ]);
    const days = shown('day', { to: '2026-05-31' }, 0);
    expect([days.length, days[0][0], days.at(-1)]).toEqual([30, '01T00:00', ['30T00:00', '30T00:00', '31T00:00']]);
  });

  it('are none where nothing lies between', () => {
    expect(shown('day', { from: '2026-05-04', to: '2026-05-04' }, 0)).toEqual([]);
    expect(shown('day', { from: '2026-05-05' }, at('04T10:20'))).toEqual([]);
  });

  it('are refused beyond what anybody looks at', () => {
    const hours = (to: string) => () => intervalsOf('hour', { from: '2026-01-01', to }, 0);
    expect(hours('2026-02-11T16:00:00Z')).not.toThrow();
    expect(hours('2026-02-11T16:00:01Z')).toThrow(/^VALIDATION_FAILED/);
  });
});
