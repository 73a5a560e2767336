/**
 * Lets runs pass side by side, or one all alone: a lock of many readers and one writer. Whoever wants to be alone waits
 * for those inside to leave, and those who come later wait for them in turn, so that it waits for nobody for ever.
 */
export class SoloGate {
  private inside = 0;
  private last: Promise<unknown> = Promise.resolve();
  private emptied?: () => void;

  /** Runs beside others. */
  async beside<T>(run: () => Promise<T>): Promise<T> {
    await this.last;
    this.inside++;
    try {
      return await run();
    } finally {
      this.inside--;
      if (this.inside === 0) this.emptied?.();
    }
  }

  /** Runs while nobody else is inside. */
  alone<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.last.then(() => this.empty()).then(run);
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private async empty(): Promise<void> {
    if (this.inside > 0) await new Promise<void>((resolve) => (this.emptied = resolve));
    this.emptied = undefined;
  }
}
