import { Listr, PRESET_TIMER } from 'listr2';

/**
 * @typedef {object} Step
 * @property {string} title
 * @property {() => Promise<string | void>} run what it gives is shown behind the title
 */

/** @param {number} since of performance.now() @returns {string} `1.2 s` */
export const secondsSince = (since) => `${((performance.now() - since) / 1_000).toFixed(1)} s`;

/**
 * Does steps and shows each with its time: live on a terminal (some say they have no width; those are none), otherwise
 * one plain line when a step is done.
 * @param {Step[]} steps
 * @param {{ concurrent?: boolean }} [options]
 */
export async function runSteps(steps, { concurrent = false } = {}) {
  if (process.stdout.isTTY && process.stdout.columns >= 60) return runLive(steps, concurrent);
  if (concurrent) await Promise.all(steps.map(runPlain));
  else for (const step of steps) await runPlain(step);
}

/** @param {Step[]} steps @param {boolean} concurrent */
async function runLive(steps, concurrent) {
  const tasks = steps.map(({ title, run }) => ({
    title,
    /** @param {any} _context @param {{ title: string }} task */
    task: async (_context, task) => {
      const note = await run();
      if (note) task.title = `${title}: ${note}`;
    },
  }));
  const rendererOptions = { timer: PRESET_TIMER, showErrorMessage: false, collapseErrors: false };
  await new Listr(tasks, { concurrent, rendererOptions, registerSignalListeners: false }).run();
}

/** @param {Step} step */
async function runPlain({ title, run }) {
  const since = performance.now();
  const note = await run();
  console.log(`✔ ${title}${note ? `: ${note}` : ''} (${secondsSince(since)})`);
}
