import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { START_MS, GatewayProcess } from '../support/gateways';
import { newId } from '../support/stock';
import { openWires, type Wires } from '../support/wires';

describe('the metrics of a gateway', () => {
  let wires: Wires;
  let gateway: GatewayProcess;
  let port: number;

  beforeAll(async () => {
    wires = await openWires();
    port = await freePort();
    gateway = await GatewayProcess.start(wires, { INTERNAL_PORT: String(port), INTERNAL_HOST: '127.0.0.1' });
  }, START_MS);
  afterAll(async () => {
    await gateway.stop();
    await wires.close();
  });

  it('count requests by route and status, and paths that are no route as one', async () => {
    for (const path of [`/orders/${newId()}`, `/orders/${newId()}`, '/nothing', '/nothing/either'])
      await gateway.get(path);
    await eventually(async () => {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      expect(text).toContain('http_request_seconds_count{method="GET",route="/orders/:id",status="401"} 2');
      expect(text).toContain('http_request_seconds_count{method="GET",route="none",status="404"} 2');
    });
  });
});
