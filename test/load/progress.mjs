/**
 * One line that says how far it is: rewritten in place on a terminal, a new one every five seconds elsewhere. It goes to
 * standard error, so that a JSON report can be piped.
 */
export class Progress {
  constructor(out = process.stderr) {
    this.out = out;
    this.every = out.isTTY ? 200 : 5_000;
  }

  /** Says one thing and ends the line. */
  say(text) {
    this.stop();
    this.out.write(`${text}\n`);
  }

  /** Shows `textOf()` again and again until something else is said. */
  follow(textOf) {
    this.stop();
    const show = () => this.out.write(this.out.isTTY ? `\r\x1b[2K${textOf()}` : `${textOf()}\n`);
    this.timer = setInterval(show, this.every);
  }

  stop() {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = undefined;
    if (this.out.isTTY) this.out.write('\r\x1b[2K');
  }
}
