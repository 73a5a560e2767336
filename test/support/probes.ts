import { once } from 'node:events';
import { Service } from './service';

/** Replicas of the probe service that are started again whenever they die, as a supervisor would. */
export class Probes {
  private readonly running = new Map<string, Service>();
  private readonly starting = new Set<Promise<void>>();
  private stopping = false;
  /** How many died of themselves or were killed. */
  deaths = 0;

  constructor(private readonly environment: NodeJS.ProcessEnv) {}

  /** One replica, or one more; `environment` may make it another service. Resolves when it is ready. */
  start(name: string, environment: NodeJS.ProcessEnv = {}): Promise<void> {
    const started = this.launch(name, environment).finally(() => this.starting.delete(started));
    this.starting.add(started);
    return started;
  }

  /** Ends it the hard way; another one of that name starts. */
  kill(name: string): void {
    this.running.get(name)!.process.kill('SIGKILL');
  }

  /** Holds it up, as a machine without time for it does, until it is thawed. */
  freeze(name: string): void {
    this.running.get(name)!.process.kill('SIGSTOP');
  }

  thaw(name: string): void {
    this.running.get(name)!.process.kill('SIGCONT');
  }

  /** Ends it for good, as a deployment does. @returns the exit code. */
  stop(name: string): Promise<number | null> {
    const service = this.running.get(name)!;
    this.running.delete(name);
    return service.stop();
  }

  nameOf(pid: number): string | undefined {
    return [...this.running].find(([, service]) => service.process.pid === pid)?.[0];
  }

  logOf(name: string): string {
    return this.running.get(name)!.log;
  }

  /** Resolves when whoever died is back. */
  async whole(): Promise<void> {
    while (this.starting.size > 0) await Promise.allSettled(this.starting);
  }

  async stopAll(): Promise<void> {
    this.stopping = true;
    await this.whole();
    await Promise.all([...this.running.keys()].map((name) => this.stop(name)));
  }

  private async launch(name: string, environment: NodeJS.ProcessEnv): Promise<void> {
    while (!this.stopping) {
      try {
        const service = await Service.start('test/integration/fixtures/probe.main.ts', {
          ...this.environment,
          ...environment,
          PROBE_NAME: name,
        });
        this.running.set(name, service);
        void once(service.process, 'exit').then(() => this.mourn(name, service, environment));
        return;
      } catch {
        // A message that was waiting for it ended it before it could say that it is ready.
        this.deaths++;
      }
    }
  }

  private mourn(name: string, service: Service, environment: NodeJS.ProcessEnv): void {
    if (this.running.get(name) !== service) return;
    this.running.delete(name);
    this.deaths++;
    void this.start(name, environment);
  }
}
