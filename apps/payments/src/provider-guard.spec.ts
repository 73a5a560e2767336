import { ProviderGuard } from './provider-guard';

class Weather extends Error {}
const isWeather = (error: unknown) => error instanceof Weather;
const storm = () => Promise.reject(new Weather('away'));

describe('between the suite and a provider', () => {
  it('weather is tried again, a refusal is not', async () => {
    const guard = new ProviderGuard('Somebody', isWeather);
    let calls = 0;
    const third = () => (++calls < 3 ? storm() : Promise.resolve('here'));
    await expect(guard.call(third)).resolves.toBe('here');
    const refusal = new Error('no');
    calls = 0;
    await expect(guard.call(() => (calls++, Promise.reject(refusal)))).rejects.toBe(refusal);
    expect(calls).toBe(1);
  });

  it('what stays weather is said to be unavailable, so that it comes again later', async () => {
    const guard = new ProviderGuard('Somebody', isWeather);
    await expect(guard.call(storm)).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      detail: 'Somebody does not answer',
    });
  });

  it('retries stay a small part of the traffic', async () => {
    const guard = new ProviderGuard('Somebody', isWeather);
    let calls = 0;
    for (let i = 0; i < 40; i++) {
      // A good call between two that fail, so that the circuit stays closed.
      await guard.call(() => (calls++, storm())).catch(() => undefined);
      await guard.call(() => Promise.resolve());
    }
    // 40 calls, the 10 retries that were saved up, and a fifth of the traffic of 80.
    expect(calls).toBeLessThanOrEqual(40 + 10 + 16);
    expect(calls).toBeGreaterThan(50);
  }, 60_000);

  it('where nothing comes through for a while, nobody knocks for some seconds', async () => {
    const guard = new ProviderGuard('Somebody', isWeather);
    let calls = 0;
    const knock = () => guard.call(() => (calls++, storm())).catch(() => undefined);
    for (let i = 0; i < 10; i++) await knock();
    const before = calls;
    await knock();
    expect(calls).toBe(before);
  }, 30_000);
});
