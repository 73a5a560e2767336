import { setTimeout as pause } from 'node:timers/promises';

/** How often an open loop looks what is due, in ms. */
const TICK_MS = 2;

/**
 * Does `work(i, due)` for each of `count`, until all are done or `signal` says stop. `due` is when it should begin, by
 * performance.now(): who measures from there counts what had to wait before it could begin as well.
 *
 * Closed loop (`rate` 0): `width` at once, each begins when another has ended, so that a slow suite is asked less.
 * Open loop: one is due every 1/rate seconds, whatever becomes of the others, as real customers come; what a stall of
 * the suite holds up is then counted against it, rather than left out ("coordinated omission"; Gil Tene, How NOT to
 * Measure Latency, 2015).
 */
export const pace = ({ rate, ...course }) => (rate > 0 ? openLoop({ rate, ...course }) : closedLoop(course));

async function closedLoop({ count, width, signal, work }) {
  let next = 0;
  const worker = async () => {
    while (next < count && !signal.aborted) await work(next++, performance.now());
  };
  await Promise.all(Array.from({ length: width }, worker));
}

async function openLoop({ count, rate, signal, work }) {
  const begun = performance.now();
  const under = new Set();
  const dueAt = (i) => begun + (i / rate) * 1_000;
  for (let next = 0; next < count && !signal.aborted;) {
    while (next < count && dueAt(next) <= performance.now()) {
      const one = work(next, dueAt(next)).finally(() => under.delete(one));
      under.add(one);
      next++;
    }
    await pause(TICK_MS);
  }
  await Promise.all(under);
}
