import { execFileSync } from 'node:child_process';

/** What a process has in memory, in MB. */
export const memoryOf = (pid: number): number =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1_024;

/** By how much some processes grew, in MB, at the most, while `work` went on. */
export async function growthOf<T>(pids: number[], work: () => Promise<T>): Promise<{ result: T; grown: number[] }> {
  const before = pids.map(memoryOf);
  const most = [...before];
  const look = setInterval(() => pids.forEach((pid, i) => (most[i] = Math.max(most[i], memoryOf(pid)))), 100);
  try {
    const result = await work();
    pids.forEach((pid, i) => (most[i] = Math.max(most[i], memoryOf(pid))));
    return { result, grown: most.map((megabytes, i) => megabytes - before[i]) };
  } finally {
    clearInterval(look);
  }
}
