import { Fresh } from './fresh';

describe('what is looked up for a while', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const counted = () => {
    let looks = 0;
    return new Fresh(1_000, () => Promise.resolve(++looks));
  };

  it('serves all who ask within that time with one look', async () => {
    const fresh = counted();
    expect(await Promise.all([fresh.value(), fresh.value()])).toEqual([1, 1]);
    jest.advanceTimersByTime(999);
    expect(await fresh.value()).toBe(1);
    jest.advanceTimersByTime(1);
    expect(await fresh.value()).toBe(2);
  });

  it('is looked up again by the next one when it failed', async () => {
    let looks = 0;
    const fresh = new Fresh(1_000, () => (++looks === 1 ? Promise.reject(new Error('away')) : Promise.resolve(looks)));
    await expect(fresh.value()).rejects.toThrow('away');
    expect(await fresh.value()).toBe(2);
  });
});
