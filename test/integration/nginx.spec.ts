import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { backend, Front, type Backend } from '../support/front';
import { nameServer } from '../support/name-server';

interface ProblemBody {
  type: string;
  status: number;
  code: string;
  instance: string;
  requestId: string;
}

const NOBODY = '127.0.0.1:1'; // a name server that is never asked

async function problemOf(answer: Response): Promise<ProblemBody> {
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  const body = (await answer.json()) as ProblemBody;
  expect(body).toMatchObject({ status: answer.status, requestId: answer.headers.get('x-request-id') });
  return body;
}

/** Sends bytes as they are, which no well-made client would, and returns the whole answer. */
async function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  socket.end(text);
  let answer = '';
  for await (const chunk of socket) answer += chunk as string;
  return answer;
}

describe('Nginx as npm start runs it', () => {
  let front: Front;
  let first: Backend;
  let second: Backend;
  /** What the gateways do with a request, for one test. */
  let behaviour: 'answer' | 'die' | 'die once' = 'answer';

  beforeAll(async () => {
    const port = await freePort();
    const make = (address: string) =>
      backend(address, port, (request, response) => {
        const dies = behaviour !== 'answer';
        if (behaviour === 'die once') behaviour = 'answer';
        if (dies) request.resume().on('end', () => request.socket.destroy());
        else request.resume().on('end', () => response.end(address));
      });
    [first, second] = [await make('127.0.0.1'), await make('127.0.0.2')];
    const servers = [first, second].map(({ server }) => server.address() as { address: string; port: number });
    const lines = servers.map((at) => `server ${at.address}:${at.port} max_fails=0;`);
    const group = `upstream gateways { ${lines.join(' ')} keepalive 8; }`;
    front = await Front.find({ GATEWAY_UPSTREAM: 'gateways', NGINX_RESOLVER: NOBODY }, group);
    await front.start();
  });

  beforeEach(() => {
    behaviour = 'answer';
    for (const { requests } of [first, second]) requests.length = 0;
  });

  afterAll(async () => {
    await front.stop();
    for (const { server } of [first, second]) server.closeAllConnections();
    for (const { server } of [first, second]) server.close();
  });

  it('has a configuration that Nginx accepts', async () => {
    expect(await front.check()).toContain('test is successful');
  });

  const lastRequest = () => [...first.requests, ...second.requests].at(-1)!;

  it('passes on host and port, the address of the client and its request id', async () => {
    await fetch(`${front.url}/a%2Fb//c?d=e`, {
      headers: { 'x-request-id': 'tea-1', 'x-forwarded-for': '8.8.8.8', 'x-forwarded-proto': 'gopher' },
    });
    expect(lastRequest().url).toBe('/a%2Fb//c?d=e');
    expect(lastRequest().headers).toMatchObject({
      host: `127.0.0.1:${front.port}`,
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-request-id': 'tea-1',
    });
  });

  it('makes a request id where there is none or it is not sane', async () => {
    await fetch(front.url, { headers: { 'x-request-id': 'no good"' } });
    expect(lastRequest().headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
  });

  it('shares requests out among the gateways', async () => {
    for (let count = 0; count < 8; count++) await fetch(front.url);
    expect([first.requests.length, second.requests.length]).toEqual([4, 4]);
  });

  it('makes a WebSocket of a connection that asks for it', async () => {
    const asked = httpRequest(`${front.url}/socket.io/`, { headers: { connection: 'Upgrade', upgrade: 'websocket' } });
    asked.end();
    await once(asked, 'response');
    expect(lastRequest().headers).toMatchObject({ connection: 'upgrade', upgrade: 'websocket' });
  });

  it('leaves a body above the limit to the gateway, and refuses what is far beyond', async () => {
    const send = (size: number) => fetch(front.url, { method: 'POST', body: 'x'.repeat(size) });
    expect((await send(300 * 1024)).status).toBe(200);
    const answer = await send(2 * 1024 * 1024);
    expect(answer.status).toBe(413);
    expect((await problemOf(answer)).code).toBe('PAYLOAD_TOO_LARGE');
  });

  it.each(['/metrics', '/metrics/', '/METRICS', '//metrics', '/%6Detrics', '/x/../metrics', '/api/metrics'])(
    'does not show %s',
    async (path) => {
      const answer = await raw(front.port, `GET ${path} HTTP/1.1\r\nHost: tea\r\nConnection: close\r\n\r\n`);
      expect(answer).toContain('HTTP/1.1 404');
      expect(answer).toContain('"code":"NOT_FOUND"');
      expect([...first.requests, ...second.requests]).toEqual([]);
    },
  );

  it.each([
    ['a header that is too large', `GET / HTTP/1.1\r\nHost: tea\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`],
    ['a line that is too long', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: tea\r\n\r\n`],
    ['a path that cannot be read', 'GET /%zz HTTP/1.0\r\nHost: tea\r\n\r\n'],
    ['no request at all', 'TEA\r\n\r\n'],
  ])('answers %s with a problem', async (_what, request) => {
    const answer = await raw(front.port, request);
    expect(answer).toContain('"code":"VALIDATION_FAILED"');
    expect(JSON.parse(answer.split('\r\n\r\n').at(-1)!)).toMatchObject({ status: 400, instance: expect.any(String) });
  });

  it.each(['/metrics/","code":"HA', '/metrics/\\', '/metrics/%22%0a'])(
    'never lets %s break its problem',
    async (path) => {
      const answer = await raw(front.port, `GET ${path} HTTP/1.0\r\nHost: tea\r\n\r\n`);
      const problem = JSON.parse(answer.split('\r\n\r\n').at(-1)!) as ProblemBody;
      expect(problem).toMatchObject({ code: 'NOT_FOUND', instance: expect.stringMatching(/^\/metrics\//) });
    },
  );

  it('lets the gateway say what a path allows instead of TRACE, and refuses it alone where there is no saying', async () => {
    const trace = async () => {
      const asked = httpRequest(`${front.url}/orders?a=b`, { method: 'TRACE' }).end();
      const [answer] = (await once(asked, 'response')) as [IncomingMessage];
      return { status: answer.statusCode, text: Buffer.concat(await answer.toArray()).toString() };
    };
    expect((await trace()).status).toBe(200);
    expect([lastRequest().method, lastRequest().url]).toEqual(['TRACE', '/orders?a=b']);
    behaviour = 'die';
    const refused = await trace();
    expect(refused.status).toBe(405);
    expect(JSON.parse(refused.text)).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED', instance: '/orders' });
  });

  describe('when a gateway dies with a request,', () => {
    it('asks another one if nothing can have happened', async () => {
      behaviour = 'die';
      const answer = await fetch(`${front.url}/orders`);
      expect(first.requests.length + second.requests.length).toBe(2);
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
      expect((await problemOf(answer)).code).toBe('SERVICE_UNAVAILABLE');
    });

    it.each(['POST', 'PATCH'])('never sends a %s twice, and says that its outcome is unknown', async (method) => {
      behaviour = 'die';
      const answer = await fetch(`${front.url}/orders`, { method, body: '{}' });
      expect(first.requests.length + second.requests.length).toBe(1);
      expect(answer.status).toBe(503);
      expect(await problemOf(answer)).toMatchObject({ code: 'OUTCOME_UNKNOWN', type: '/problems/outcome-unknown' });
    });

    const withKey = (method: string, body: string) =>
      fetch(`${front.url}/orders?a=%2F`, { method, body, headers: { 'idempotency-key': 'tea 1' } });

    it.each(['POST', 'PATCH'])('sends a %s again, whole, if it has an idempotency key', async (method) => {
      behaviour = 'die once';
      const answer = await withKey(method, 'x'.repeat(100_000));
      expect(answer.status).toBe(200);
      const requests = [...first.requests, ...second.requests];
      expect(requests.map(({ url, method: sent, headers }) => [sent, url, headers['content-length']])).toEqual(
        Array(2).fill([method, '/orders?a=%2F', '100000']),
      );
      expect(first.requests).toHaveLength(1);
    });

    it('says of one with a key that its outcome is unknown when each of them dies', async () => {
      behaviour = 'die';
      const answer = await withKey('POST', '{}');
      expect(first.requests.length + second.requests.length).toBe(2);
      expect(await problemOf(answer)).toMatchObject({ code: 'OUTCOME_UNKNOWN', status: 503 });
    });
  });

  it('with one gateway gone, goes on with the other, also for what writes; with none, says so', async () => {
    const gone = async ({ server }: Backend) => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    };
    await gone(first);
    for (let count = 0; count < 6; count++) {
      const answer = await fetch(`${front.url}/orders`, { method: 'POST', body: '{}' });
      expect([answer.status, await answer.text()]).toEqual([200, '127.0.0.2']);
    }
    await gone(second);
    const answer = await fetch(`${front.url}/orders`, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(503);
    expect(await problemOf(answer)).toMatchObject({ code: 'SERVICE_UNAVAILABLE', instance: '/orders' });
  });
});

describe('Nginx as Compose runs it', () => {
  it('sees replicas that come and go, without a reload', async () => {
    const port = await freePort();
    let replicas = ['127.0.0.3'];
    const names = await nameServer('gateway', () => replicas);
    const front = await Front.find({ GATEWAY_UPSTREAM: `gateway:${port}`, NGINX_RESOLVER: names.address });
    const backends = [await backend('127.0.0.3', port), await backend('127.0.0.4', port)];
    const ask = async () => (await fetch(front.url)).text();
    try {
      expect(await front.check()).toContain('test is successful');
      await front.start();
      expect(new Set([await ask(), await ask()])).toEqual(new Set(['127.0.0.3']));
      replicas = ['127.0.0.3', '127.0.0.4'];
      await eventually(async () => expect(new Set([await ask(), await ask()]).size).toBe(2));
      replicas = ['127.0.0.4'];
      await eventually(async () => {
        const last = [await ask(), await ask(), await ask()];
        expect(new Set(last)).toEqual(new Set(['127.0.0.4']));
      });
    } finally {
      await front.stop();
      names.close();
      for (const { server } of backends) server.close();
    }
  });
});
