import { watch } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { report } from './failure.mjs';
import { processKinds } from './processes.mjs';
import { root } from './settings.mjs';
import { secondsSince } from './steps.mjs';

/** What editors write in one go, and formatters right after, is one change. */
const QUIET_MS = 150;

/**
 * Builds after each change and restarts what it touches: the processes of an app, or all where a library changed. While
 * the sources do not compile the old processes go on.
 *
 * @param {import('./supervisor.mjs').Supervisor} supervisor
 * @param {(text: string) => void} say
 */
export function watchSources(supervisor, say) {
  /** @type {Set<string>} */
  let changed = new Set();
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  let building = false;

  const rebuild = async () => {
    if (building) return schedule();
    building = true;
    const since = performance.now();
    const apps = changed;
    changed = new Set();
    try {
      if (await ensureBuilt()) {
        say(`• Built (${secondsSince(since)}); restarting ${[...apps].join(', ')}`);
        const all = apps.has('libs');
        supervisor.restart((name) => processKinds.some((kind) => kind.name === name && (all || apps.has(appOf(kind)))));
      }
    } catch (error) {
      changed = new Set([...apps, ...changed]); // to be restarted once it compiles
      report(error);
    } finally {
      building = false;
    }
  };
  const schedule = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void rebuild(), QUIET_MS);
  };

  for (const folder of ['apps', 'libs']) {
    watch(join(root, folder), { recursive: true }, (_event, file) => {
      if (!file?.endsWith('.ts') || file.endsWith('.spec.ts')) return;
      changed.add(folder === 'libs' ? 'libs' : (file.split(/[\\/]/)[0] ?? ''));
      schedule();
    });
  }
  say('• Watching apps/ and libs/');
}

/** @param {import('./processes.mjs').ProcessKind} kind The processor is part of the orders app. */
const appOf = ({ entry }) => /^dist\/apps\/([^/]+)\//.exec(entry)?.[1] ?? '';
