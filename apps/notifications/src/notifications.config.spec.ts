import { loadSettings, SettingsError } from '@suite/platform';
import { NotificationsConfig } from './notifications.config';

describe('NotificationsConfig', () => {
  const { NODE_ENV } = process.env;
  const load = (environment: NodeJS.ProcessEnv) => loadSettings(NotificationsConfig, environment);
  const reasonsOf = (environment: NodeJS.ProcessEnv): string[] => {
    try {
      load(environment);
      return [];
    } catch (error) {
      return (error as SettingsError).reasons;
    }
  };

  afterEach(() => {
    process.env.NODE_ENV = NODE_ENV;
  });

  it('needs nothing outside production: mails go to the sandbox', () => {
    expect(load({}).SMTP_URL).toBe('smtp://127.0.0.1:1025');
  });

  it('needs a mail server and a sender in production, or a word that there are none', () => {
    process.env.NODE_ENV = 'production';
    expect(reasonsOf({})).toEqual([
      expect.stringContaining('SMTP_URL, or EMAIL_USER and EMAIL_PASS'),
      expect.stringContaining('MAIL_FROM'),
    ]);
    expect(reasonsOf({ EMAIL_USER: 'jo@example.com' })).toEqual([expect.stringContaining('EMAIL_PASS')]);
    expect(reasonsOf({ EMAIL_USER: 'jo@example.com', EMAIL_PASS: 'x' })).toEqual([]);
    expect(reasonsOf({ SMTP_URL: 'smtps://u:p@mail.example', MAIL_FROM: 'Shop <a@b.example>' })).toEqual([]);
    expect(reasonsOf({ AWS_REGION: 'eu-west-1' })).toHaveLength(2);
    expect(reasonsOf({ AWS_REGION: 'eu-west-1', AWS_SES_SENDER_EMAIL: 'shop@example.com' })).toEqual([]);
    expect(reasonsOf({ MAIL_ENABLED: 'false' })).toEqual([]);
  });

  it('refuses a lease that a slow mail server could outlast, and URLs of another kind', () => {
    expect(reasonsOf({ MAIL_TIMEOUT_MS: '30000', MAIL_LEASE_MS: '30000' })).toHaveLength(1);
    expect(reasonsOf({ SMTP_URL: 'http://mail.example' })).toHaveLength(1);
    expect(reasonsOf({ PUBLIC_URL: 'shop.example' })).toHaveLength(1);
  });
});
