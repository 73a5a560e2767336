import { Queue } from 'bullmq';
import type { Collection } from 'mongodb';
import { Types } from 'mongoose';
import { notifications, type OrderChanged, type SendMail } from '@suite/contracts';
import { jobOptions } from '@suite/platform';
import { eventually } from './eventually';
import { Sandbox } from './sandbox';
import { Service } from './service';
import { openWires, type Wires } from './wires';

export interface MailDocument {
  _id: string;
  state: string;
  claim: number;
  error?: string;
  data: { secret?: string };
  checkAt?: Date;
  deadLetter?: { id: Types.ObjectId; state: string };
}

/**
 * Short times, so that what follows a crash or a refusal follows within a test; but a time-out that a busy machine does
 * not reach by itself: what is cut off after it was accepted goes out twice, by design.
 */
const SETTINGS = { MAIL_TIMEOUT_MS: '3000', MAIL_LEASE_MS: '6000', MAIL_SWEEP_MS: '300' };
/** BullMQ alone takes up to 12 s to miss a killed worker. */
export const PATIENCE_MS = 40_000;

/** Two replicas of notifications, the sandbox as their mail server, and a look at what they do. */
export class MailSuite {
  replicas: Service[] = [];
  readonly queue: Queue<SendMail>;
  readonly mails: Collection<MailDocument>;
  private customers = 0;

  private constructor(
    readonly wires: Wires,
    readonly sandbox: Sandbox,
    private readonly settings: NodeJS.ProcessEnv,
  ) {
    this.queue = new Queue(notifications.sendMail.queue, { connection: wires.redis });
    this.mails = wires.database('notifications').collection('mails');
  }

  /** @param settings how mails are to reach the sandbox, if not by SMTP */
  static async start(settings: (sandbox: Sandbox) => NodeJS.ProcessEnv = () => ({})): Promise<MailSuite> {
    const [wires, sandbox] = await Promise.all([openWires(), Sandbox.start()]);
    const suite = new MailSuite(wires, sandbox, settings(sandbox));
    suite.replicas = await Promise.all([suite.startReplica(), suite.startReplica()]);
    return suite;
  }

  startReplica(more: NodeJS.ProcessEnv = {}): Promise<Service> {
    const environment = { ...this.wires.environment, ...this.sandbox.environment, ...SETTINGS, ...this.settings };
    return Service.start('apps/notifications/src/main.ts', { ...environment, ...more });
  }

  async stop(): Promise<void> {
    await this.queue.close();
    await Promise.all([...this.replicas, this.sandbox].map((service) => service.stop()));
    await this.wires.close();
  }

  newAddress(): string {
    return `customer-${++this.customers}@example.com`;
  }

  /** The mail with this key, as soon as it is in this state. */
  stateOf(key: string, state: string): Promise<MailDocument> {
    const look = async () => {
      const mail = await this.mails.findOne({ _id: key });
      expect(mail?.state).toBe(state);
      return mail!;
    };
    return eventually(look, { timeoutMs: PATIENCE_MS });
  }

  /** As auth enqueues it. */
  async enqueue(mail: Partial<SendMail> = {}, attempts?: number): Promise<SendMail> {
    const key = `verify-email-${String(new Types.ObjectId())}`;
    const data = { secret: 'one-time-secret' };
    const whole: SendMail = { key, kind: 'verify-email', to: this.newAddress(), data, ...mail };
    const options = jobOptions(notifications.sendMail, whole);
    await this.queue.add(notifications.sendMail.name, whole, { ...options, ...(attempts && { attempts }) });
    return whole;
  }

  /** What orders tells of a confirmed order. */
  confirmed(changes: Partial<OrderChanged> = {}): OrderChanged {
    return {
      orderId: String(new Types.ObjectId()),
      number: 'A7K2-9QXM-41',
      userId: String(new Types.ObjectId()),
      tier: 'standard',
      email: this.newAddress(),
      name: 'Jo Doe',
      seq: 2,
      kind: 'status',
      status: 'CONFIRMED',
      previousStatus: 'PENDING',
      at: new Date().toISOString(),
      items: [
        {
          stockId: String(new Types.ObjectId()),
          productId: String(new Types.ObjectId()),
          sku: 'TEA-0001',
          name: 'Sencha',
          quantity: 2,
          price: 1250,
          lineTotal: 2500,
          shipped: 0,
          refunded: 0,
        },
      ],
      total: 2500,
      currency: 'USD',
      ...changes,
    };
  }
}
