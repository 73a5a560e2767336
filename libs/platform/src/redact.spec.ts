import { redact } from './redact';

describe('redact', () => {
  it('hides secrets by the name of the property, at any depth', () => {
    const line = {
      body: { email: 'jo@example.com', password: 'hunter2!', device: [{ refreshToken: 'r' }] },
      JWT_SECRET: 's',
      headers: { Authorization: 'Basic x', cookie: 'a=b', 'x-api-key': 'k' },
      passwordHash: '$2b$04$abc',
    };
    expect(redact(line)).toEqual({
      body: { email: 'jo@example.com', password: '[hidden]', device: [{ refreshToken: '[hidden]' }] },
      JWT_SECRET: '[hidden]',
      headers: { Authorization: '[hidden]', cookie: '[hidden]', 'x-api-key': '[hidden]' },
      passwordHash: '[hidden]',
    });
  });

  it.each([
    ['Bearer abc.def', 'Bearer [hidden]'],
    ['token eyJhbGciOi.eyJzdWIi.c2ln was refused', 'token [hidden] was refused'],
    ['mongodb://shop:s3cret@db:27017/shop', 'mongodb://shop:[hidden]@db:27017/shop'],
    ['redis://:s3cret@cache:6379', 'redis://:[hidden]@cache:6379'],
    ['GET /verify?token=abc123&x=1', 'GET /verify?token=[hidden]&x=1'],
  ])('hides what gives itself away within a text: %s', (text, shown) => {
    expect(redact(text)).toBe(shown);
  });

  it('hides who somebody is only where that is asked for: in logs', () => {
    const line = {
      message: 'Refused by mx.example.com for "Jo" <jo.doe+tea@sub.example.co.uk>',
      body: { email: 'jo@example.com', phone: '+1', shippingAddress: { line1: 'x' }, quantity: 1 },
      userId: 'u1',
      what: 'order-suite@0.1.0 mongodb://shop:pw@db.example.com/x',
    };
    expect(redact(line, { personal: true })).toEqual({
      message: 'Refused by mx.example.com for "Jo" <[e-mail]>',
      body: { email: '[hidden]', phone: '[hidden]', shippingAddress: '[hidden]', quantity: 1 },
      userId: 'u1',
      what: 'order-suite@0.1.0 mongodb://shop:[hidden]@db.example.com/x',
    });
    expect(redact(line.body)).toEqual(line.body);
  });

  it('shows errors, and hides what their text gives away', () => {
    const error = new Error('cannot reach mongodb://shop:s3cret@db');
    expect(redact({ error })).toEqual({
      error: { name: 'Error', message: 'cannot reach mongodb://shop:[hidden]@db', stack: expect.any(String) as string },
    });
    expect(JSON.stringify(redact({ error }))).not.toContain('s3cret');
  });

  it('leaves the rest as it is, and ends where objects go in circles', () => {
    const circle: Record<string, unknown> = { n: 1, at: new Date(0), none: null, passed: true };
    circle.self = circle;
    expect(redact(circle)).toMatchObject({ n: 1, at: new Date(0), none: null, passed: true });
    expect(JSON.stringify(redact(circle))).toContain('[deep]');
  });
});
