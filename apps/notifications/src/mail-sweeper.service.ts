import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { isConnectivityError } from '@suite/platform';
import { MailQueueService } from './mail-queue.service';
import { MailsService } from './mails.service';
import { NotificationsConfig } from './notifications.config';

const BATCH = 500;

/**
 * Finds mails that wait for a job that is no more: Redis was emptied, or the process died between the document and the
 * job. Runs in every replica, driven by the documents alone; a mail that two find has one job all the same.
 */
@Injectable()
export class MailSweeperService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(MailSweeperService.name);
  private timer?: NodeJS.Timeout;
  private running = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly mails: MailsService,
    private readonly queue: MailQueueService,
    private readonly settings: NotificationsConfig,
  ) {}

  onApplicationBootstrap(): void {
    if (this.settings.MAIL_ENABLED) this.next();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private next(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.sweep()
        .catch((error: Error) => {
          if (!isConnectivityError(error)) this.log.error(error);
        })
        .then(() => this.next());
    }, this.settings.MAIL_SWEEP_MS);
  }

  /** Goes on at once while everything it finds was lost: that is after an emptied Redis. */
  private async sweep(): Promise<void> {
    for (;;) {
      const found = await this.mails.forgotten(BATCH);
      const lost = await this.queue.revive(found);
      if (lost > 0) this.log.warn(`${lost} mails had lost their job and were enqueued again`);
      if (lost < BATCH) return;
    }
  }
}
