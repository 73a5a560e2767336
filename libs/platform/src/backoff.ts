/**
 * The pause before retry number `attempt` (from 1), in ms: exponential, capped, with full jitter, so that what failed
 * together does not come back together. (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.)
 */
export function backoff(attempt: number, firstMs: number, maxMs: number): number {
  const ceiling = Math.min(maxMs, firstMs * 2 ** Math.min(attempt - 1, 30));
  // Never near zero: a retry at once meets the same weather.
  return Math.round(ceiling / 2 + (Math.random() * ceiling) / 2);
}
