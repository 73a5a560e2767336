import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { isConnectivityError, Sweep } from '@suite/platform';
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
  private readonly sweeping: Sweep;

  constructor(
    private readonly mails: MailsService,
    private readonly queue: MailQueueService,
    private readonly settings: NotificationsConfig,
  ) {
    this.sweeping = new Sweep(
      'mails',
      settings.MAIL_SWEEP_MS,
      () => this.sweep(),
      // That a store is away has been said, once, by whoever watches it.
      (error) => isConnectivityError(error) || this.log.error(error),
    );
  }

  onApplicationBootstrap(): void {
    if (this.settings.MAIL_ENABLED) this.sweeping.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweeping.stop();
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
