import { clearScreenDown, moveCursor } from 'node:readline';

/**
 * Some lines that say how far it is: rewritten in place on a terminal; elsewhere the first of them, every five seconds.
 * They go to standard error, so that a JSON report can be piped.
 */
export class Progress {
  shown = 0;

  constructor(out = process.stderr) {
    this.out = out;
    this.every = out.isTTY ? 200 : 5_000;
  }

  /** Says one thing and ends the line. */
  say(text) {
    this.stop();
    this.out.write(`${text}\n`);
  }

  /** Shows `linesOf(width)` again and again until something else is said. */
  follow(linesOf) {
    this.stop();
    this.timer = setInterval(() => this.show(linesOf(this.out.columns ?? 80)), this.every);
  }

  stop() {
    clearInterval(this.timer);
    this.clear();
  }

  show(lines) {
    if (!this.out.isTTY) return void this.out.write(`${lines[0].trim()}\n`);
    this.clear();
    this.out.write(lines.map((line) => `${line}\n`).join(''));
    this.shown = lines.length;
  }

  clear() {
    if (this.shown === 0) return;
    moveCursor(this.out, 0, -this.shown);
    clearScreenDown(this.out);
    this.shown = 0;
  }
}
