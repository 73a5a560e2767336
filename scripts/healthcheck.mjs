/** A container's health check: is the process in it ready? Asks its internal port, or the gateway where there is none. */
const port = process.env.INTERNAL_PORT || process.env.PORT || '8000';
try {
  const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(4_000) });
  process.exitCode = answer.ok ? 0 : 1;
} catch {
  process.exitCode = 1;
}
