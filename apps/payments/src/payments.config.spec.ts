import { loadSettings } from '@suite/platform';
import { PaymentsConfig } from './payments.config';

const stripe = { STRIPE_SECRET_KEY: 'sk_live_1', STRIPE_WEBHOOK_SECRET: 'whsec_1' };
const paypal = { PAYPAL_CLIENT_ID: 'id', PAYPAL_CLIENT_SECRET: 'secret', PAYPAL_WEBHOOK_ID: 'hook' };
const urls = { SUCCESS_URL: 'https://shop.example/paid', CANCEL_URL: 'https://shop.example/cart' };

/** The defaults depend on the environment, so it has to be there when the class makes them. */
function within<T>(environment: Record<string, string>, read: (config: PaymentsConfig) => T): T {
  const before = process.env;
  process.env = { ...before, ...environment };
  try {
    return read(loadSettings(PaymentsConfig));
  } finally {
    process.env = before;
  }
}
const load = (environment: Record<string, string>) => within(environment, (config) => config);
const inProduction = (settings: Record<string, string> = {}) => load({ NODE_ENV: 'production', ...settings });

describe('the settings of payments', () => {
  it('need no key to try it: the sandbox stands in', () => {
    const config = load({ SANDBOX_URL: 'http://127.0.0.1:9999' });
    expect(config).toMatchObject({ STRIPE_ENABLED: true, PAYPAL_ENABLED: true });
    expect([config.stripeUrl, config.paypalUrl]).toEqual(['http://127.0.0.1:9999', 'http://127.0.0.1:9999']);
    expect(load(stripe).stripeUrl).toBe('https://api.stripe.com');
  });

  it('switch nothing on in production by themselves, and what has its keys is on', () => {
    expect(inProduction()).toMatchObject({ STRIPE_ENABLED: false, PAYPAL_ENABLED: false });
    expect(inProduction({ ...stripe, ...urls })).toMatchObject({ STRIPE_ENABLED: true, PAYPAL_ENABLED: false });
    expect(inProduction({ ...paypal, ...urls })).toMatchObject({ STRIPE_ENABLED: false, PAYPAL_ENABLED: true });
  });

  it.each([
    ['STRIPE_ENABLED', 'STRIPE_SECRET_KEY', { STRIPE_ENABLED: 'true', ...urls }],
    ['a key', 'STRIPE_WEBHOOK_SECRET', { STRIPE_SECRET_KEY: 'sk_live_1', ...urls }],
    ['a key', 'SUCCESS_URL', stripe],
    ['PAYPAL_ENABLED', 'PAYPAL_CLIENT_ID', { PAYPAL_ENABLED: 'true', ...urls }],
    ['an id', 'PAYPAL_WEBHOOK_ID', { PAYPAL_CLIENT_ID: 'id', PAYPAL_CLIENT_SECRET: 'secret', ...urls }],
    ['an id', 'CANCEL_URL', { ...paypal, SUCCESS_URL: urls.SUCCESS_URL }],
  ])('refuse to start in production with %s and without %s', (_with, name, settings) => {
    expect(() => inProduction(settings as Record<string, string>)).toThrow(`${name} must be set in production`);
  });

  it('tell a provider that is switched off from one that is not there', () => {
    const off = { STRIPE_ENABLED: 'false', PAYPAL_ENABLED: 'false' };
    const there = (settings: Record<string, string>) =>
      within({ ...off, ...settings }, ({ hasStripe, hasPaypal }) => [hasStripe, hasPaypal]);
    const NODE_ENV = 'production';
    expect(there({ NODE_ENV, ...stripe })).toEqual([true, false]);
    expect(there({ NODE_ENV, ...paypal })).toEqual([false, true]);
    // Everybody knows the secret that stands in for a missing one.
    expect(there({ NODE_ENV, STRIPE_SECRET_KEY: 'sk_live_1' })).toEqual([false, false]);
    expect(there({})).toEqual([true, true]);
  });
});
