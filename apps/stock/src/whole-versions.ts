import type { MovementRecord } from './movement.schema';

/**
 * The first versions of which all is older than that. The clocks of replicas differ, so that a later version may carry an
 * earlier time: it waits for those before it. @param cut there may be more of the last one
 */
export function wholeVersions<Record extends Pick<MovementRecord, 'version' | 'at'>>(
  oldest: Record[],
  before: Date,
  cut: boolean,
): Record[] {
  const firstYoung = oldest.find(({ at }) => at >= before);
  const end = firstYoung?.version ?? (cut ? oldest.at(-1)!.version : Infinity);
  return oldest.filter(({ version }) => version < end);
}
