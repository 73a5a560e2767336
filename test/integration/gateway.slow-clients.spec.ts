import { connect, type Socket } from 'node:net';
import { setInterval } from 'node:timers';
import { START_MS, GatewayProcess } from '../support/gateways';
import { Front } from '../support/front';
import { openWires, type Wires } from '../support/wires';

let wires: Wires;
let gateway: GatewayProcess;
let front: Front;

beforeAll(async () => {
  wires = await openWires();
  gateway = await GatewayProcess.start(wires);
  const { host } = new URL(gateway.origin);
  front = await Front.find({ GATEWAY_UPSTREAM: host, NGINX_RESOLVER: '127.0.0.1:1' });
  await front.start();
}, START_MS);
afterAll(async () => {
  await front?.stop();
  await gateway?.stop();
  await wires?.close();
});

/** Sends the beginning, then a byte a second, until the other side has had enough. */
async function dribble(port: number, beginning: string): Promise<{ answer: string; seconds: number }> {
  const began = Date.now();
  const socket: Socket = connect(port, '127.0.0.1').setEncoding('utf8');
  socket.on('error', () => undefined);
  socket.write(beginning);
  const drip = setInterval(() => socket.writable && socket.write('x'), 1_000);
  let answer = '';
  try {
    for await (const chunk of socket) answer += chunk as string;
  } catch {
    // Reset while a byte was under way: as good as closed.
  } finally {
    clearInterval(drip);
  }
  return { answer, seconds: (Date.now() - began) / 1_000 };
}

it('who sends a request byte by byte is shut out in time, and keeps nobody waiting meanwhile', async () => {
  const head = 'POST /orders HTTP/1.1\r\nHost: shop.example\r\nX-Slow: ';
  const body =
    'POST /orders HTTP/1.1\r\nHost: shop.example\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n{';
  const ports = { gateway: Number(new URL(gateway.origin).port), nginx: front.port };
  const crowd = Array.from({ length: 200 }, () => dribble(ports.gateway, head));
  const all = Promise.all([
    dribble(ports.gateway, head),
    dribble(ports.gateway, body),
    dribble(ports.nginx, head),
    Promise.all(crowd),
  ]);
  for (let i = 0; i < 20; i++) {
    const began = Date.now();
    expect((await gateway.get('/problems')).status).toBe(200);
    expect(Date.now() - began).toBeLessThan(2_000);
  }
  const [slowHead, slowBody, nginxHead, others] = await all;
  expect(slowHead.answer).toMatch(/^HTTP\/1\.1 4\d\d .*[\s\S]*did not arrive in time/);
  for (const { seconds } of [slowHead, nginxHead, ...others]) expect(seconds).toBeLessThan(30);
  // The body may take as long as the whole request: 30 s and one look at the clock.
  expect(slowBody.seconds).toBeLessThan(50);
});
