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
