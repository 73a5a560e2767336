import { Injectable } from '@nestjs/common';
import { seeded } from './random';

/** What goes wrong on purpose. Nothing, at first. Shares go from 0 (never) to 1 (always). */
export interface Switches {
  /** How long the mail server thinks before it answers a recipient, in ms. */
  smtpDelayMs: number;
  /** Refuses recipients: with 451 (`temporary`, try again) or with 550 (`permanent`). */
  smtpRefuse: 'temporary' | 'permanent' | null;
  /** Only those recipients in whose address this text occurs; all of them where it is empty. */
  smtpRefuseTo: string;
  /** How long a payment provider thinks before it does anything, in ms. */
  payDelayMs: number;
  /** The share of calls that a payment provider fails with 500, having done nothing. */
  payFail: number;
  /** The share of calls that a payment provider carries out, and then hangs up without an answer. */
  payDropAnswers: number;
  /** PayPal's verification of webhooks answers 503. */
  payVerifyDown: boolean;
  /** Books every capture twice: a fault that an oracle must find. */
  payDoubleCapture: boolean;
  /** How often each webhook is delivered. */
  webhookCopies: number;
  /** Webhooks arrive in any order, within a second. */
  webhookShuffle: boolean;
  /** Webhooks wait until this is off again. */
  webhookHold: boolean;
  /** Where chance begins: the same seed fails the same calls. */
  seed: number;
}

const WELL: Switches = {
  smtpDelayMs: 0,
  smtpRefuse: null,
  smtpRefuseTo: '',
  payDelayMs: 0,
  payFail: 0,
  payDropAnswers: 0,
  payVerifyDown: false,
  payDoubleCapture: false,
  webhookCopies: 1,
  webhookShuffle: false,
  webhookHold: false,
  seed: 1,
};

@Injectable()
export class SwitchesService {
  private switches = WELL;
  private random = seeded(WELL.seed);

  get(): Switches {
    return this.switches;
  }

  /** What is not given is off. */
  set(switches: Partial<Switches>): Switches {
    this.switches = { ...WELL, ...switches };
    this.random = seeded(this.switches.seed);
    return this.switches;
  }

  /** From 0 to 1. */
  chance(): number {
    return this.random();
  }

  /** How a mail to this address is refused, if it is. */
  refusalOf(address: string): Switches['smtpRefuse'] {
    const { smtpRefuse, smtpRefuseTo } = this.switches;
    return address.includes(smtpRefuseTo) ? smtpRefuse : null;
  }
}
