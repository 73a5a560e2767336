import { MAX_DRIFTS_SHOWN, type AuditCheck, type AuditRule, type Drift } from '@suite/contracts';

/** Counts what one rule of an audit has looked at, and keeps the first few things that break it. */
export class Recount {
  private checked = 0;
  private drifting = 0;
  private readonly drifts: Drift[] = [];

  constructor(
    private readonly rule: AuditRule,
    private readonly title: string,
  ) {}

  /** @param detail what is wrong with it; undefined where nothing is */
  look(subject: unknown, detail: string | undefined): void {
    this.checked++;
    if (detail === undefined) return;
    this.drifting++;
    if (this.drifts.length < MAX_DRIFTS_SHOWN) this.drifts.push({ subject: String(subject), detail });
  }

  get check(): AuditCheck {
    const { rule, title, checked, drifting, drifts } = this;
    return { rule, title, checked, drifting, drifts };
  }
}
