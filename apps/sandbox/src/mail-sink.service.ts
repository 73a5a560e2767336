import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { MailboxService } from './mailbox.service';
import { SandboxConfig } from './sandbox.config';
import { SwitchesService } from './switches.service';

const MAX_MAIL_BYTES = 2 * 1024 * 1024;

/** A mail server that delivers nothing: whatever it accepts, from anybody to anybody, lies in the mailbox. */
@Injectable()
export class MailSinkService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(MailSinkService.name);
  private readonly server = new SMTPServer({
    banner: 'sandbox',
    disabledCommands: ['STARTTLS'],
    // Any name and password will do, so that clients can be tried as they will be set up.
    authOptional: true,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    size: MAX_MAIL_BYTES,
    maxClients: 100,
    closeTimeout: 1_000,
    onAuth: ({ username }, _session, done) => done(null, { user: username }),
    onRcptTo: ({ address }, _session, done) => void this.weather(address).then(() => done(), done),
    onData: (stream, session, done) => void this.accept(stream, session).then(() => done(), done),
  });

  constructor(
    private readonly settings: SandboxConfig,
    private readonly mailbox: MailboxService,
    private readonly switches: SwitchesService,
  ) {}

  async onModuleInit(): Promise<void> {
    const { SANDBOX_SMTP_PORT: port, SANDBOX_HOST: host } = this.settings;
    // A client that hangs up in the middle is nothing to speak of; the port being taken is.
    this.server.on('error', (error) => this.logger.debug(error.message));
    await once(this.server.listen(port, host), 'listening');
    this.logger.log(`Accepting mail on smtp://${host}:${port}`);
  }

  async onApplicationShutdown(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(resolve));
  }

  private async weather(to: string): Promise<void> {
    const { smtpDelayMs } = this.switches.get();
    if (smtpDelayMs > 0) await pause(smtpDelayMs, undefined, { ref: false });
    const refused = this.switches.refusalOf(to);
    if (refused === 'temporary') throw refusal(451, 'Refused for now, by the switch');
    if (refused === 'permanent') throw refusal(550, 'Refused for good, by the switch');
  }

  private async accept(stream: SMTPServerDataStream, { envelope }: SMTPServerSession): Promise<void> {
    const chunks: Buffer[] = [];
    // Read to its end in any case: the client speaks on, and hears the answer only then.
    for await (const chunk of stream) if (!stream.sizeExceeded) chunks.push(chunk as Buffer);
    if (stream.sizeExceeded) throw refusal(552, `A mail may have at most ${MAX_MAIL_BYTES} bytes`);
    const from = envelope.mailFrom ? envelope.mailFrom.address : '';
    const to = envelope.rcptTo.map(({ address }) => address);
    await this.mailbox.add({ from, to }, Buffer.concat(chunks));
  }
}

const refusal = (responseCode: number, text: string): Error => Object.assign(new Error(text), { responseCode });
