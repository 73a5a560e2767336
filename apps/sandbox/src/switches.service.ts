import { Injectable } from '@nestjs/common';

/** What goes wrong on purpose. Nothing, at first. */
export interface Switches {
  /** How long the mail server thinks before it answers a recipient, in ms. */
  smtpDelayMs: number;
  /** Refuses recipients: with 451 (`temporary`, try again) or with 550 (`permanent`). */
  smtpRefuse: 'temporary' | 'permanent' | null;
}

@Injectable()
export class SwitchesService {
  private switches: Switches = { smtpDelayMs: 0, smtpRefuse: null };

  get(): Switches {
    return this.switches;
  }

  /** What is not given is off. */
  set({ smtpDelayMs = 0, smtpRefuse = null }: Partial<Switches>): Switches {
    this.switches = { smtpDelayMs, smtpRefuse };
    return this.switches;
  }
}
