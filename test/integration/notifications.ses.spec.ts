import { orders } from '@suite/contracts';
import { MailSuite } from '../support/mail-suite';

const NAME = 'Jo\r\nBcc: everybody@example.com\r\n\r\n<script>alert(1)</script> 🎉';

describe('mails through AWS SES', () => {
  let suite: MailSuite;

  beforeAll(async () => {
    suite = await MailSuite.start((sandbox) => ({
      AWS_REGION: 'eu-west-1',
      AWS_SES_SENDER_EMAIL: 'shop@example.com',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'the-secret-of-these-tests',
      AWS_SES_ENDPOINT: sandbox.url,
      SMTP_URL: 'smtp://127.0.0.1:1',
    }));
  });
  afterAll(() => suite.stop());
  beforeEach(() => suite.sandbox.turn({}));

  it('arrive once, as text and HTML, whatever a customer is called', async () => {
    const change = suite.confirmed({ name: NAME });
    await Promise.all([1, 2, 3].map(() => suite.wires.tell(orders.changed, change)));
    await suite.stateOf(orders.changed.key(change), 'sent');
    const [mail, ...others] = await suite.sandbox.mailsTo(change.email);
    expect(others).toEqual([]);
    const headers = new Map(mail.headers.map(({ name, value }) => [name.toLowerCase(), value]));
    expect(headers.get('from')).toContain('shop@example.com');
    expect(headers.get('content-type')).toContain('multipart/alternative');
    expect(headers.has('bcc')).toBe(false);
    expect(mail.to).toEqual([change.email]);
    expect(mail.text).toContain('Hello Jo Bcc: everybody@example.com <script>alert(1)</script> 🎉,');
    expect(mail.html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; 🎉');
    expect(mail.html).not.toContain('<script');
  });

  it('are tried again when SES is busy, and given up when it refuses them', async () => {
    await suite.sandbox.turn({ smtpRefuse: 'temporary' });
    const later = await suite.enqueue();
    await suite.stateOf(later.key, 'pending');
    await suite.sandbox.turn({});
    await suite.stateOf(later.key, 'sent');
    await suite.sandbox.turn({ smtpRefuse: 'permanent' });
    const refused = await suite.enqueue();
    expect((await suite.stateOf(refused.key, 'failed')).error).toContain('Refused for good');
  });

  it('leave no key in any log', () => {
    for (const { log } of suite.replicas) expect(log).not.toMatch(/the-secret-of-these-tests|AKIDEXAMPLE/);
  });
});
