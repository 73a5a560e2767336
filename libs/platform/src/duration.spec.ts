import { validateSync } from 'class-validator';
import { durationMs, IsDuration } from './duration';

class Settings {
  @IsDuration()
  LIFE: string;
}

const accepted = (LIFE: string) => validateSync(Object.assign(new Settings(), { LIFE })).length === 0;

describe('a duration', () => {
  it.each([
    ['30s', 30_000],
    ['15m', 900_000],
    ['12 h', 43_200_000],
    ['7d', 604_800_000],
  ])('%s is %d ms', (text, milliseconds) => {
    expect(accepted(text)).toBe(true);
    expect(durationMs(text)).toBe(milliseconds);
  });

  it.each(['900', '0s', '-5m', '1.5h', 'soon', ''])('"%s" is none', (text) => {
    expect(accepted(text)).toBe(false);
  });
});

describe('a duration that has a longest', () => {
  class Limited {
    @IsDuration({ atMost: '23h' })
    LIFE: string;
  }
  const trouble = (LIFE: string) =>
    validateSync(Object.assign(new Limited(), { LIFE })).flatMap(({ constraints }) => Object.values(constraints ?? {}));

  it.each(['1s', '23h', '1380m'])('can be %s', (text) => expect(trouble(text)).toEqual([]));

  it.each(['24h', '1381m', '1d', ''])('cannot be "%s"', (text) => {
    expect(trouble(text)).toEqual(['LIFE must be a duration such as 30s, 15m, 12h or 7d, and at most 23h']);
  });
});
