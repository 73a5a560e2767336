import { setTimeout as pause } from 'node:timers/promises';
import { pick, randomFrom } from '../load/random.mjs';

/** The outer world, which is not what is proved. */
const SPARED = ['sandbox'];

/**
 * Kills one process after the other, the hard way, until it is told to stop. One that is not up is left alone, and the
 * other replica of one that is not up as well: what survives the loss of all replicas is a longer story.
 */
export function killInTurn({ supervisor, seed, everyMs }) {
  const random = randomFrom(seed ^ 0x6b696c6c);
  const kills = [];
  const stop = new AbortController();
  const killing = (async () => {
    while (!stop.signal.aborted) {
      await pause(everyMs, undefined, { signal: stop.signal }).catch(() => undefined);
      if (stop.signal.aborted) return;
      const states = supervisor.states;
      const whole = (name) => states.every((one) => one.name !== name || one.status === 'up');
      const victims = states.filter(({ name }) => !SPARED.includes(name) && whole(name));
      if (victims.length === 0) continue;
      const victim = pick(random, victims);
      process.kill(victim.pid, 'SIGKILL');
      kills.push({ at: performance.now(), label: victim.label });
    }
  })();
  return {
    kills,
    stop: async () => {
      stop.abort();
      await killing;
      while (!supervisor.states.every(({ status }) => status === 'up')) await pause(50);
    },
  };
}
