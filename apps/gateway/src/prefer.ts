const MAX_WAIT_SECONDS = 10;

/**
 * The seconds of `Prefer: wait=N` (RFC 7240, 4.3). A preference may be met in part, and what is not understood is
 * ignored: more than 10 is 10.
 */
export function waitOf(prefer: string | undefined): number | undefined {
  const [, seconds] = /(?:^|[,\s])wait\s*=\s*"?(\d{1,9})"?(?=[\s,;]|$)/i.exec(prefer ?? '') ?? [];
  return seconds === undefined ? undefined : Math.min(Number(seconds), MAX_WAIT_SECONDS);
}
