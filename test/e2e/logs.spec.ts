import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lineOf, newCustomer, newProduct, PASSWORD, signIn, unique } from '../support/builders';
import { anonymous } from '../support/client';
import { eventually } from '../support/eventually';

const logFile = (name: string): string => readFileSync(join(process.env.SUITE_LOG_DIR ?? 'logs', name), 'utf8');

describe('the logs', () => {
  it('let one order be followed by its request id through every process that had a hand in it', async () => {
    const jo = await newCustomer();
    const requestId = `follow-${unique()}`;
    const headers = { 'x-request-id': requestId };
    expect((await jo.post('/orders', lineOf(await newProduct()), { headers })).status).toBe(201);
    await eventually(() => {
      const lines = logFile('combined.log')
        .split('\n')
        .filter((line) => line.includes(requestId))
        .map((line) => JSON.parse(line) as { requestId: string; service: string });
      expect(new Set(lines.map((line) => line.requestId))).toEqual(new Set([requestId]));
      const services = lines.map(({ service }) => service);
      expect(services).toEqual(expect.arrayContaining(['gateway', 'orders', 'stock', 'notifications']));
    });
  });

  it('hold no password, no token and no key', async () => {
    const secret = `Pa55-${unique()}`;
    const email = `jo-${unique()}@example.com`;
    await anonymous.post('/auth/register', { email, password: secret, name: 'Jo' });
    const jo = await signIn(email, secret);
    await anonymous.post('/auth/login', { email, password: `wrong-${secret}` });
    await anonymous.post('/auth/refresh', { refreshToken: jo.login.refreshToken });
    await anonymous.post('/auth/password/forgot', { email });
    await jo.get(`/nowhere?token=${jo.token}`);
    await jo.post('/orders', { password: secret, token: jo.token });
    await eventually(() => expect(logFile('combined.log')).toContain('/nowhere'));
    for (const name of ['combined.log', 'error.log']) {
      const text = logFile(name);
      for (const hidden of [secret, PASSWORD, jo.token, jo.login.refreshToken])
        expect(text.includes(hidden)).toBe(false);
      expect(text).not.toMatch(/eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}|\$2[aby]\$\d\d\$/);
    }
  });

  it('know of nothing that somebody would have to see to', () => {
    const alarms = logFile('error.log')
      .split('\n')
      .filter((line) => /unhandled|uncaught/i.test(line));
    expect(alarms).toEqual([]);
  });
});
