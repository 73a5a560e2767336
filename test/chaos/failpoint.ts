import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { unique } from '../support/builders';
import { eventually } from '../support/eventually';

const FILE = process.env.FAILPOINTS!;

/** Where an order is to kill, freeze or disturb the process that has it in hand; see CONTRIBUTING. */
export interface Rule {
  at: string;
  action: 'kill' | 'freeze' | 'throw' | 'break' | 'slow';
  /** Text that occurs in what is in hand: a sku, a number, an id. */
  about: string;
  times?: number;
  ms?: number;
}

/** One rule that is set, and what it has done. */
export class Failpoint {
  private constructor(readonly name: string) {}

  static set(rule: Rule): Failpoint {
    const name = unique();
    write([...rules(), { name, ...rule }]);
    return new Failpoint(name);
  }

  /** What it did so far, first things first. */
  get records(): { at: string; pid: number; when: string }[] {
    return readdirSync(dirname(FILE))
      .filter((file) => file.startsWith(`${basename(FILE)}.${this.name}.`))
      .sort((a, b) => Number(a.split('.').at(-1)) - Number(b.split('.').at(-1)))
      .map(
        (file) =>
          JSON.parse(readFileSync(join(dirname(FILE), file), 'utf8')) as { at: string; pid: number; when: string },
      );
  }

  /** Once it has done something. */
  struck(timeoutMs = 20_000): Promise<{ at: string; pid: number; when: string }> {
    return eventually(
      () => {
        const [first] = this.records;
        if (!first) throw new Error('the failpoint was not reached');
        return first;
      },
      { timeoutMs },
    );
  }

  remove(): void {
    write(rules().filter(({ name }) => name !== this.name));
  }
}

type NamedRule = Rule & { name: string };

const rules = (): NamedRule[] => (existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as NamedRule[]) : []);

/** Whole at every moment: the processes read it whenever they come by. */
function write(wanted: NamedRule[]): void {
  writeFileSync(`${FILE}.new`, JSON.stringify(wanted));
  renameSync(`${FILE}.new`, FILE);
}
