/**
 * What is looked up when somebody asks, and then serves all who ask within a while, those included who come while it is
 * being looked up. What failed is looked up again by the next one. The look is made in the context of whoever asks first.
 */
export class Fresh<T> {
  private last?: { value: Promise<T>; at: number };

  constructor(
    /** How long it is good for, from the beginning of the look, in ms. */
    private readonly ms: number,
    private readonly look: () => Promise<T>,
  ) {}

  value(): Promise<T> {
    if (this.last && Date.now() - this.last.at < this.ms) return this.last.value;
    const last = { value: this.look(), at: Date.now() };
    this.last = last;
    last.value.catch(() => this.last === last && (this.last = undefined));
    return last.value;
  }
}
