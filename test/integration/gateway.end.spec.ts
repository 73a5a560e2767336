import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { START_MS, GatewayProcess } from '../support/gateways';
import { openWires, type Wires } from '../support/wires';

let wires: Wires;

beforeAll(async () => {
  wires = await openWires();
}, START_MS);
afterAll(() => wires.close());

/** One request over a connection that a proxy would keep; fails as a proxy would fail. */
function send(gateway: GatewayProcess, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    request(`${gateway.origin}/problems`, { agent }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode!));
    })
      .on('error', reject)
      .end();
  });
}

it(
  'ends without failing a request that came over a kept connection',
  async () => {
    const gateway = await GatewayProcess.start(wires);
    const ended = once(gateway.service.process, 'exit') as Promise<[number]>;
    const statuses: number[] = [];
    const errors: string[] = [];
    let told = false;
    const visitors = Array.from({ length: 16 }, async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (;;) {
        try {
          statuses.push(await send(gateway, agent));
        } catch (error) {
          // Refused is not failed: nothing was sent, and a proxy goes to the next replica.
          const { code } = error as NodeJS.ErrnoException;
          if (code !== 'ECONNREFUSED') errors.push(String(code));
          return agent.destroy();
        }
        if (statuses.length > 500 && !told) told = gateway.service.process.kill('SIGTERM');
      }
    });
    await Promise.all(visitors);
    const [exitCode] = await ended;
    expect(errors).toEqual([]);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(exitCode).toBe(0);
  },
  START_MS,
);

const HALF = 'POST /orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{';

/** A connection on which a request was answered, and half of another has arrived. */
async function halfway(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n${HALF}`);
  await once(socket, 'data');
  return socket;
}

it(
  'ends in time though somebody never finishes a request',
  async () => {
    const gateway = await GatewayProcess.start(wires);
    const socket = await halfway(Number(new URL(gateway.origin).port));
    const begun = Date.now();
    expect(await gateway.stop()).toBe(0);
    expect(Date.now() - begun).toBeLessThan(10_000);
    socket.destroy();
  },
  START_MS,
);

it(
  'waits for half a request, not for a connection that brought nothing',
  async () => {
    const gateway = await GatewayProcess.start(wires);
    const port = Number(new URL(gateway.origin).port);
    const silent = connect(port, '127.0.0.1');
    await once(silent, 'connect');
    const busy = await halfway(port);
    const ended = gateway.stop();
    await once(silent.resume(), 'close');
    busy.write('"a":"bc"}');
    const [answer] = (await once(busy, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 401 /);
    expect(await ended).toBe(0);
  },
  START_MS,
);
