import { Injectable } from '@nestjs/common';

/** What goes wrong on purpose. Nothing, at first. */
export interface Switches {
  /** How long the mail server thinks before it answers a recipient, in ms. */
  smtpDelayMs: number;
  /** Refuses recipients: with 451 (`temporary`, try again) or with 550 (`permanent`). */
  smtpRefuse: 'temporary' | 'permanent' | null;
  /** Only those recipients in whose address this text occurs; all of them where it is empty. */
  smtpRefuseTo: string;
}

const WELL: Switches = { smtpDelayMs: 0, smtpRefuse: null, smtpRefuseTo: '' };

@Injectable()
export class SwitchesService {
  private switches = WELL;

  get(): Switches {
    return this.switches;
  }

  /** What is not given is off. */
  set(switches: Partial<Switches>): Switches {
    this.switches = { ...WELL, ...switches };
    return this.switches;
  }

  /** How a mail to this address is refused, if it is. */
  refusalOf(address: string): Switches['smtpRefuse'] {
    const { smtpRefuse, smtpRefuseTo } = this.switches;
    return address.includes(smtpRefuseTo) ? smtpRefuse : null;
  }
}
