import { setTimeout as pause } from 'node:timers/promises';
import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { mailKinds, notifications, SendMail } from '@suite/contracts';
import { assertValid, inSpan, isConnectivityError, workerOptions } from '@suite/platform';
import { DelayedError, UnrecoverableError, type Job } from 'bullmq';
import type { MailRecord } from './mail.schema';
import { MailPreferencesService } from './mail-preferences.service';
import { MailTransportService } from './mail-transport.service';
import { MailsService, type Claim } from './mails.service';
import { NotificationsConfig } from './notifications.config';

const INSIST_MS = 500;

/** Sends mails: claim, send, note the outcome. Whoever was not the last to claim a mail can note nothing. */
@Processor(notifications.sendMail.queue, { ...workerOptions(notifications.sendMail), autorun: false })
export class MailsProcessor extends WorkerHost implements OnApplicationBootstrap {
  private readonly log = new Logger(MailsProcessor.name);

  constructor(
    private readonly mails: MailsService,
    private readonly preferences: MailPreferencesService,
    private readonly transport: MailTransportService,
    private readonly settings: NotificationsConfig,
  ) {
    super();
  }

  onApplicationBootstrap(): void {
    this.worker.concurrency = this.settings.MAIL_CONCURRENCY;
    this.worker.opts.limiter = { max: this.settings.MAILS_PER_SECOND, duration: 1_000 };
    void this.worker.run();
  }

  async process(job: Job<SendMail>, token?: string): Promise<void> {
    if (!this.settings.MAIL_ENABLED) return;
    const claim = await this.claim(job.data);
    if (claim === 'ended' || claim === 'unknown') return;
    if ('busyUntil' in claim) {
      await job.moveToDelayed(claim.busyUntil.getTime(), token);
      throw new DelayedError();
    }
    // From here on the document has it; a one-time token must not stay behind in Redis.
    if ('secret' in job.data.data) await job.updateData({ ...job.data, data: {} });
    const { mail } = claim;
    const { _id, requestId = _id, traceparent } = mail;
    const span = { role: 'consumer', attributes: { 'mail.kind': mail.kind } } as const;
    await inSpan('send mail', span, { requestId, traceparent }, () => this.send(mail, job));
  }

  /** A mail from another service is written down first, so that it is sent once and can be looked up. */
  private async claim(body: SendMail): Promise<Claim> {
    const claim = await this.mails.claim(body.key);
    if (claim !== 'unknown') return claim;
    try {
      assertValid(SendMail, body);
      assertValid(mailKinds[body.kind].data, body.data);
    } catch (error) {
      throw new UnrecoverableError((error as Error).message);
    }
    await this.mails.write([body]);
    return this.mails.claim(body.key);
  }

  private async send(mail: MailRecord, job: Job): Promise<void> {
    try {
      if (!(await this.preferences.wants(mail))) return await this.mails.unwanted(mail);
      this.assertInTime(mail);
      await this.transport.send(mail);
    } catch (error) {
      return this.noteFailure(mail, job, error as Error);
    }
    await this.noteSent(mail);
  }

  /** A process that was frozen after its claim and woke up late would send what another one has sent meanwhile. */
  private assertInTime({ leaseUntil }: MailRecord): void {
    if (Date.now() + this.settings.MAIL_TIMEOUT_MS > leaseUntil!.getTime())
      throw new Error('The lease is about to end');
  }

  private async noteFailure(mail: MailRecord, job: Job, error: Error): Promise<never> {
    const refused = this.transport.isRefusal(error);
    const last = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
    if (!refused && !last) {
      const { backoffMs, maxBackoffMs } = notifications.sendMail;
      await this.mails.giveBack(mail, error.message, Math.min(maxBackoffMs, backoffMs * 2 ** job.attemptsMade));
      throw error;
    }
    await this.mails.giveUp(mail, refused ? 'REFUSED' : 'EXHAUSTED', error.message);
    if (refused) this.log.warn(`Mail ${mail._id} was refused for good: ${error.message}`);
    else this.log.error(`Mail ${mail._id} was given up after ${job.attemptsMade + 1} attempts: ${error.message}`);
    throw new UnrecoverableError(error.message);
  }

  /** It is out and must not go out again: while MongoDB is away, this insists as long as the mail is ours. */
  private async noteSent(mail: MailRecord): Promise<void> {
    for (;;) {
      try {
        return await this.mails.sent(mail);
      } catch (error) {
        const late = Date.now() + INSIST_MS > mail.leaseUntil!.getTime();
        if (late || !isConnectivityError(error)) throw error;
        await pause(INSIST_MS);
      }
    }
  }

  @OnWorkerEvent('failed')
  failed(job: Job | undefined, error: Error): void {
    this.log.debug(`Mail job ${job?.id} failed: ${error.message}`);
  }
}
