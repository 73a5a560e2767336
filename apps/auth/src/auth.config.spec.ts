import { loadSettings, SettingsError } from '@suite/platform';
import { AuthConfig } from './auth.config';

const secrets = {
  JWT_SECRET: '7b1f0c9a4e8d2635f7a9c1e3b5d70246',
  JWT_REFRESH_SECRET: 'Zt4kQ8vWn2LxR6yB0mJcF5hUeS9dGaP3',
};

const NODE_ENV = process.env.NODE_ENV;
afterEach(() => (process.env.NODE_ENV = NODE_ENV));

function reasons(mode: 'development' | 'production', environment: NodeJS.ProcessEnv): string[] {
  process.env.NODE_ENV = mode;
  try {
    loadSettings(AuthConfig, environment);
    return [];
  } catch (error) {
    return (error as SettingsError).reasons;
  }
}

describe('the settings of auth', () => {
  it('need nothing in development', () => {
    expect(reasons('development', {})).toEqual([]);
  });

  it('need two secrets in production and no more', () => {
    expect(reasons('production', secrets)).toEqual([]);
    expect(reasons('production', {})).toHaveLength(2);
  });

  it('refuse in production one secret for both kinds of token', () => {
    const same = { ...secrets, JWT_REFRESH_SECRET: secrets.JWT_SECRET };
    expect(reasons('production', same)).toEqual([
      expect.stringContaining('JWT_SECRET must differ'),
      expect.stringContaining('JWT_REFRESH_SECRET must differ'),
    ]);
  });

  it('refuse in production demo users and a first admin whose password everybody knows', () => {
    expect(reasons('production', { ...secrets, SEED_DEMO: 'true' })).toEqual([expect.stringMatching(/^SEED_DEMO/)]);
    const admin = { ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: 'admin123' };
    expect(reasons('production', { ...secrets, ...admin })).toEqual([expect.stringMatching(/^ADMIN_PASSWORD/)]);
    expect(reasons('development', { ...admin, SEED_DEMO: 'true' })).toEqual([]);
  });

  it('take an admin’s address and password together or not at all', () => {
    expect(reasons('development', { ADMIN_EMAIL: 'jo@example.com' }).join()).toContain('ADMIN_PASSWORD');
    expect(reasons('development', { ADMIN_PASSWORD: 'Corr3ct-horse!' }).join()).toContain('ADMIN_EMAIL');
  });

  it('know how long tokens live, in ms', () => {
    const settings = loadSettings(AuthConfig, { JWT_EXPIRATION: '5m' });
    expect(settings.accessLifeMs).toBe(300_000);
    expect(settings.refreshLifeMs).toBe(7 * 24 * 3_600_000);
  });
});
