import { Failure, messageOf } from './failure.mjs';
import { until } from './system.mjs';

/**
 * @param {string} url of the suite
 * @returns {Promise<{ ready: boolean, down: string[] }>} `down`: what is not there yet, by name
 */
export async function healthOf(url) {
  try {
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) });
    const body = /** @type {{ error?: Record<string, unknown> }} */ (await answer.json());
    return { ready: answer.ok, down: answer.ok ? [] : Object.keys(body.error ?? {}) };
  } catch (error) {
    return { ready: false, down: [`no answer: ${messageOf(/** @type {Error} */ (error).cause ?? error)}`] };
  }
}

/** @param {string} url @param {number} [timeoutMs] @throws {Failure} naming what is not ready */
export async function waitUntilHealthy(url, timeoutMs = 60_000) {
  let down = /** @type {string[]} */ ([]);
  const healthy = await until(
    async () => {
      const health = await healthOf(url);
      down = health.down;
      return health.ready;
    },
    timeoutMs,
    100,
  );
  if (!healthy)
    throw new Failure(`${url} is not ready: ${down.join(', ') || 'no reason given'}.`, 'see the files in logs/');
}
