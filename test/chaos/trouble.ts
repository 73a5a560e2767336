import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../support/eventually';
import { suiteProcesses, type SuiteProcess } from '../support/processes';
import type { Plan } from './plan';

const find = (label: string): SuiteProcess => suiteProcesses().find((one) => one.label === label)!;
export const replicasOf = (name: string): SuiteProcess[] => suiteProcesses().filter((one) => one.name === name);

/** Everything that may be killed. The sandbox is the outside world, and that is not ours to kill. */
export const killable = (): string[] =>
  [...new Set(suiteProcesses().map(({ name }) => name))].filter((name) => name !== 'sandbox');

/** Once another process of that label runs and is ready. */
export const isBack = ({ label, pid }: SuiteProcess): Promise<SuiteProcess> =>
  eventually(
    () => {
      const now = find(label);
      if (now.pid === pid || now.status !== 'up') throw new Error(`${label} is not back: ${now.status}`);
      return now;
    },
    { timeoutMs: 60_000, everyMs: 50 },
  );

/** Kills one replica of each of these, one after the other, every so many ms; a process is killed again only once it is back. */
export async function killInTurn(plan: Plan, names: string[], everyMs: number): Promise<void> {
  for (const name of names) {
    const victim = plan.pick(replicasOf(name));
    process.kill(victim.pid, 'SIGKILL');
    await Promise.all([pause(everyMs), isBack(victim)]);
  }
}

/** Keeps all replicas of it from running for so many ms, by killing whatever the launcher starts. */
export async function keepDown(name: string, ms: number): Promise<void> {
  const until = Date.now() + ms;
  let last: SuiteProcess[] = [];
  while (Date.now() < until) {
    last = replicasOf(name);
    for (const { pid } of last) if (pid && isThere(pid)) process.kill(pid, 'SIGKILL');
    await pause(20);
  }
  await Promise.all(last.map(isBack));
}

const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
