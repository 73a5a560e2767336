import { freePort } from './free-port';
import { Service } from './service';
import { Till } from './till';

/** A mail as the sandbox tells it. */
export interface ReceivedMail {
  id: string;
  to: string[];
  subject: string;
  messageId: string;
  headers: { name: string; value: string }[];
  text: string;
  html: string;
}

/** See the sandbox. What is not given is off. */
export interface Switches {
  smtpDelayMs?: number;
  smtpRefuse?: 'temporary' | 'permanent';
  /** Only mails to addresses with this text in them. */
  smtpRefuseTo?: string;
}

/** The outside world of one test: a mail server with an inbox, and switches to make it fail. */
export class Sandbox {
  private constructor(
    private readonly service: Service,
    readonly url: string,
    /** For the service under test. */
    readonly environment: { SMTP_URL: string; SANDBOX_URL: string },
  ) {}

  /** For customers who pay. */
  get till(): Till {
    return new Till(this.url);
  }

  /** @param settings such as SANDBOX_SHOP_URL, where webhooks go; nowhere, unless given */
  static async start(settings: NodeJS.ProcessEnv = {}): Promise<Sandbox> {
    const [port, smtpPort] = [await freePort(), await freePort()];
    const ports = { SANDBOX_PORT: String(port), SANDBOX_SMTP_PORT: String(smtpPort) };
    const environment = { ...ports, SANDBOX_SHOP_URL: 'http://127.0.0.1:9', ...settings };
    const service = await Service.start('apps/sandbox/src/main.ts', environment);
    const url = `http://127.0.0.1:${port}`;
    return new Sandbox(service, url, { SMTP_URL: `smtp://127.0.0.1:${smtpPort}`, SANDBOX_URL: url });
  }

  async turn(switches: Switches): Promise<void> {
    await fetch(`${this.url}/api/switches`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(switches),
    });
  }

  /** The mails to one address, newest first. */
  async mailsTo(address: string): Promise<ReceivedMail[]> {
    const mails = await this.get<{ id: string }[]>(`/api/mails?to=${encodeURIComponent(address)}`);
    return Promise.all(mails.map(({ id }) => this.get<ReceivedMail>(`/api/mails/${id}`)));
  }

  async stop(): Promise<void> {
    await this.service.stop();
  }

  private async get<T>(path: string): Promise<T> {
    const answer = await fetch(this.url + path);
    return ((await answer.json()) as { data: T }).data;
  }
}
