import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { isRefusal, messageIdOf, smtpOptions, within } from './smtp';

const limits = { MAIL_CONCURRENCY: 2, MAIL_TIMEOUT_MS: 1_000 };

describe('smtpOptions', () => {
  it('take the URL, or an account with a provider before it', () => {
    const url = { SMTP_URL: 'smtp://mail.example:587', EMAIL_SERVICE: 'gmail', ...limits };
    expect(smtpOptions({ ...url, EMAIL_USER: undefined, EMAIL_PASS: undefined })).toMatchObject({
      url: 'smtp://mail.example:587',
      maxConnections: 2,
      maxRequeues: 0,
    });
    const options = smtpOptions({ ...url, EMAIL_USER: 'jo@example.com', EMAIL_PASS: 'x' });
    expect(options).toMatchObject({ service: 'gmail', auth: { user: 'jo@example.com', pass: 'x' } });
    expect(options).not.toHaveProperty('url');
  });
});

describe('messageIdOf', () => {
  it('is the same for the same mail and another for another one', () => {
    expect(messageIdOf('665f1c2e9b3e4a0012345678.3', 'shop.example')).toBe(
      '<665f1c2e9b3e4a0012345678=2e3@shop.example>',
    );
    expect(messageIdOf('a.b', 'x')).not.toBe(messageIdOf('a=2eb', 'x'));
  });

  it('cannot break out of its header, whatever the key', () => {
    expect(messageIdOf('a>\r\nBcc: <evil@example.com> 🎉', 'x')).toMatch(/^<[\w=-]+@x>$/);
  });
});

describe('isRefusal', () => {
  it.each([
    [{ responseCode: 550, command: 'RCPT TO' }, true],
    [{ responseCode: 554, command: 'DATA' }, true],
    [{ responseCode: 451, command: 'RCPT TO' }, false],
    [{ responseCode: 535, command: 'AUTH PLAIN' }, false],
    [{ responseCode: 550, command: 'MAIL FROM' }, false],
    [{ responseCode: 554, command: 'CONN' }, false],
    [{ code: 'ETIMEDOUT' }, false],
  ])('of %o is %s', (error, refused) => {
    expect(isRefusal(error)).toBe(refused);
  });
});

describe('within', () => {
  const never = (signal: AbortSignal) =>
    new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

  it('gives up in time', async () => {
    await expect(within(10, never)).rejects.toThrow('longer than 10 ms');
  });

  it('takes an answer that had arrived while the process was frozen', async () => {
    const [here, there] = await connected();
    const answer = within(10, (signal) => Promise.race([never(signal), once(here, 'data').then(String)]));
    await promisify((text: string, done: () => void) => there.write(text, done))('accepted');
    const end = Date.now() + 300;
    while (Date.now() < end); // Nothing runs meanwhile, as if the process had been stopped.
    await expect(answer).resolves.toBe('accepted');
    here.destroy();
  });
});

/** The two ends of a connection. */
async function connected(): Promise<[Socket, Socket]> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const here = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [there] = (await once(server, 'connection')) as [Socket];
  server.close();
  return [here, there];
}
