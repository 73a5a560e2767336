import { Injectable } from '@nestjs/common';
import { SandboxConfig } from './sandbox.config';
import { readMail, type Mail } from './mail';

const MAX_BYTES = 64 * 1024 * 1024;

export interface MailFilter {
  /** A recipient, whole. */
  to?: string;
  /** A part of the subject. */
  subject?: string;
}

/** The mails that came in, newest first, in memory and bounded: a restart empties it. */
@Injectable()
export class MailboxService {
  private mails: Mail[] = [];
  private bytes = 0;
  private received = 0;

  constructor(private readonly settings: SandboxConfig) {}

  async add(envelope: Pick<Mail, 'from' | 'to'>, source: Buffer): Promise<void> {
    const mail = await readMail({ ...envelope, id: String(++this.received), receivedAt: new Date(), source });
    this.mails.unshift(mail);
    this.bytes += source.length;
    while (this.mails.length > this.settings.SANDBOX_MAX_MAILS || this.bytes > MAX_BYTES) {
      this.bytes -= this.mails.pop()!.source.length;
    }
  }

  list({ to, subject }: MailFilter = {}): Mail[] {
    const wanted = (mail: Mail) =>
      (to === undefined || mail.to.some((recipient) => same(recipient, to))) &&
      (subject === undefined || mail.subject.toLowerCase().includes(subject.toLowerCase()));
    return this.mails.filter(wanted);
  }

  get(id: string): Mail | undefined {
    return this.mails.find((mail) => mail.id === id);
  }

  clear(): void {
    this.mails = [];
    this.bytes = 0;
  }

  /** How many came in since the start, those that were dropped for want of room included. */
  get total(): number {
    return this.received;
  }
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
