import { setTimeout as pause } from 'node:timers/promises';

/**
 * Tries `fn` until it does not throw, and returns what it returns: how tests wait, for a condition and with a deadline,
 * never for a time. The last error is thrown when the deadline passes.
 */
export async function eventually<T>(
  fn: () => T | Promise<T>,
  { timeoutMs = 10_000, everyMs = 25 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await fn();
    } catch (error) {
      if (Date.now() + everyMs > deadline) throw error;
      await pause(everyMs);
    }
  }
}
