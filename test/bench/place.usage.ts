import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { memoryOf } from '../support/memory';
import { suiteProcesses } from '../support/processes';
import type { Way } from './rounds';

const TICK_MS = 1_000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
/** Fields of /proc/<pid>/stat behind the name in brackets: utime and stime. See proc_pid_stat(5). */
const [UTIME, STIME] = [11, 12];

/** CPU time that a process and its direct children (Nginx' workers) have used, in ms. */
export function cpuMsOf(pid: number): number {
  return [pid, ...childrenOf(pid)].reduce((sum, one) => sum + ownCpuMsOf(one), 0);
}

function ownCpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
  return (Number(fields[UTIME]) + Number(fields[STIME])) * TICK_MS;
}

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

export interface ProcessRow {
  name: string;
  /** CPU time in ms that an order cost here. */
  cpu: number;
  /** Resident, in MB, after the warm-up and at the end. */
  before: number;
  after: number;
}

/** What each process of the suite used while one way was measured. */
export class Usage {
  private readonly processes = suiteProcesses();
  private readonly cpu = new Map<string, number>();
  private memory: number[] = [];
  private orders = 0;
  private before?: number[];

  watching(way: Way): Way {
    return {
      name: way.name,
      begin: async () => way.begin?.(),
      once: async (i) => {
        this.before ??= this.processes.map(({ pid }) => cpuMsOf(pid));
        const succeeded = await way.once(i);
        if (succeeded) this.orders++;
        return succeeded;
      },
      settled: async () => way.settled?.(),
      quiet: async () => {
        this.note();
        await way.quiet?.();
      },
    };
  }

  rows(): ProcessRow[] {
    return this.processes.map(({ label, pid }, i) => ({
      name: label,
      cpu: (this.cpu.get(label) ?? 0) / this.orders,
      before: this.memory[i],
      after: memoryOf(pid),
    }));
  }

  private note(): void {
    this.processes.forEach(({ label, pid }, i) => {
      this.cpu.set(label, (this.cpu.get(label) ?? 0) + cpuMsOf(pid) - this.before![i]);
    });
    this.before = undefined;
    if (this.memory.length > 0) return;
    // The warm-up does not count.
    this.memory = this.processes.map(({ pid }) => memoryOf(pid));
    this.cpu.clear();
    this.orders = 0;
  }
}

export function processTable(processes: ProcessRow[]): string {
  const width = Math.max(...processes.map(({ name }) => name.length)) + 2;
  const lines = processes.map(
    ({ name, cpu, before, after }) =>
      `  ${name.padEnd(width)}${cpu.toFixed(3).padStart(12)}${before.toFixed(0).padStart(12)}${after.toFixed(0).padStart(12)}`,
  );
  const sum = processes.reduce((all, { cpu }) => all + cpu, 0);
  const heads = ['CPU ms/order', 'MB before', 'MB after'].map((head) => head.padStart(12)).join('');
  return [`  ${''.padEnd(width)}${heads}`, ...lines, `  ${'all'.padEnd(width)}${sum.toFixed(3).padStart(12)}`].join(
    '\n',
  );
}
