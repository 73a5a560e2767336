import { readFileSync } from 'node:fs';
import { eventually } from './eventually';

/** A process of the running suite, as its launcher keeps account of it. */
export interface SuiteProcess {
  name: string;
  replica: number;
  label: string;
  pid: number;
  status: string;
  /** Of those that listen on one of their own. */
  port?: number;
  /** Where it shows its metrics. */
  metricsPort?: number;
  restarts: number;
}

/** The file that the launcher keeps; whoever runs the stories says where it is. */
const STATE_FILE = process.env.SUITE_STATE ?? '.data/run/state.json';

export function suiteProcesses(): SuiteProcess[] {
  return (JSON.parse(readFileSync(STATE_FILE, 'utf8')) as { processes: SuiteProcess[] }).processes;
}

const find = (label: string): SuiteProcess => suiteProcesses().find((one) => one.label === label)!;

/** Ends it the hard way, as a crash or the kernel would. Returns once the launcher has another one running. */
export async function killAndAwait(label: string): Promise<SuiteProcess> {
  const before = find(label);
  process.kill(before.pid, 'SIGKILL');
  return eventually(
    () => {
      const now = find(label);
      if (now.pid === before.pid || now.status !== before.status)
        throw new Error(`${label} is not back: ${now.status}`);
      return now;
    },
    { timeoutMs: 30_000, everyMs: 100 },
  );
}

/** Does `work` while no replica of this process gets to run, as if the machine had forgotten them. */
export async function frozen<T>(name: string, work: () => Promise<T>): Promise<T> {
  const pids = suiteProcesses()
    .filter((one) => one.name === name)
    .map(({ pid }) => pid);
  try {
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    return await work();
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  }
}
