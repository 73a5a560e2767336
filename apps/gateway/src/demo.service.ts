import { randomBytes } from 'node:crypto';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Problem } from '@suite/contracts';
import { Bus, callerOf, isProduction, RedisLink, type RequestContext } from '@suite/platform';
import { DemoShows, plannedOrders } from './demo-shows';
import type { DemoKind, DemoRunView, DemoView } from './demo.view';

/** Whoever holds it runs a show; it outlives a gateway that dies by so long, in ms. */
const LOCK = 'demo:lock';
const LOCK_MS = 8_000;
const BEAT_MS = 500;
/** How it goes, for whichever gateway is asked. */
const RUN = 'demo:run';
const KEPT_S = 86_400;
const STOP = 'demo:stop';

/** Traffic to look at while trying the suite: one show at a time, on all gateways together, and never in production. */
@Injectable()
export class DemoService implements OnApplicationShutdown {
  private readonly log = new Logger(DemoService.name);
  private ending = false;

  constructor(
    private readonly link: RedisLink,
    private readonly bus: Bus,
  ) {}

  onApplicationShutdown(): void {
    this.ending = true;
  }

  async state(): Promise<DemoView> {
    if (isProduction()) return { enabled: false };
    this.link.assertThere();
    const [text, holder] = await Promise.all([this.link.redis.get(RUN), this.link.redis.get(LOCK)]);
    if (text === null) return { enabled: true };
    const run = JSON.parse(text) as DemoRunView;
    if (run.state === 'running' && holder !== run.id) {
      return { enabled: true, run: { ...run, state: 'failed', error: 'The gateway that ran it has ended' } };
    }
    return { enabled: true, run };
  }

  /** @throws Problem FORBIDDEN in production, DEMO_RUNNING */
  async start(kind: DemoKind, requestId: string): Promise<DemoView> {
    assertAllowed();
    this.link.assertThere();
    const admin = { caller: callerOf(), requestId };
    const run = newRun(kind);
    if ((await this.link.redis.set(LOCK, run.id, 'PX', LOCK_MS, 'NX')) === null) throw new Problem('DEMO_RUNNING');
    await this.write(run);
    void this.carryOut(run, admin);
    return { enabled: true, run };
  }

  /** Whichever gateway runs it hears of it within a moment. */
  async stop(): Promise<DemoView> {
    assertAllowed();
    const { run } = await this.state();
    if (run?.state === 'running') await this.link.redis.set(STOP, run.id, 'EX', 60);
    return { enabled: true, ...(run && { run }) };
  }

  private async carryOut(run: DemoRunView, admin: RequestContext): Promise<void> {
    let stopped = false;
    const beat = setInterval(() => {
      void this.beat(run).then((wanted) => (stopped ||= wanted));
    }, BEAT_MS);
    try {
      await new DemoShows(this.bus, run, admin, () => stopped || this.ending).show();
      run.state = stopped || this.ending ? 'stopped' : 'done';
    } catch (error) {
      run.state = 'failed';
      run.error = (error as Error).message.slice(0, 500);
      this.log.warn(`A demonstration failed: ${run.error}`);
    } finally {
      clearInterval(beat);
      run.endedAt = new Date().toISOString();
      await this.write(run).catch(() => undefined);
      await this.link.redis.del(LOCK).catch(() => undefined);
    }
  }

  /** Keeps the lock and says how it goes. Returns whether it is to stop, also when it is not known to hold the lock. */
  private async beat(run: DemoRunView): Promise<boolean> {
    try {
      const [holder, stop] = await this.link.redis.mget(LOCK, STOP);
      if (holder !== run.id || stop === run.id) return true;
      await this.link.redis.pexpire(LOCK, LOCK_MS);
      if (run.state === 'running') await this.write(run);
      return false;
    } catch {
      return true;
    }
  }

  private async write(run: DemoRunView): Promise<void> {
    await this.link.redis.set(RUN, JSON.stringify(run), 'EX', KEPT_S);
  }
}

const newRun = (kind: DemoKind): DemoRunView => ({
  id: randomBytes(12).toString('hex'),
  kind,
  state: 'running',
  startedAt: new Date().toISOString(),
  planned: plannedOrders[kind],
  accepted: 0,
  refused: 0,
  confirmed: 0,
  failed: 0,
  lanes: [],
});

function assertAllowed(): void {
  if (isProduction()) throw new Problem('FORBIDDEN', 'Demonstrations are for trying the suite, not for production');
}
