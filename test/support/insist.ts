import { Problem } from '@suite/contracts';
import { eventually } from './eventually';

/**
 * As a good client does: what the weather prevents is tried again until its outcome is known, and a refusal is an
 * outcome. Whatever may not happen twice carries its own idempotency key.
 */
export async function insist<T>(work: () => Promise<T>, timeoutMs = 60_000): Promise<T> {
  const outcome = await eventually(
    () =>
      work().then(
        (value) => ({ value }),
        (error: unknown) => {
          if (error instanceof Problem && error.kind === 'busy') throw error;
          return { error: error as Error };
        },
      ),
    { timeoutMs, everyMs: 100 },
  );
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}
