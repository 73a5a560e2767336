/**
 * Asks the registry which installed versions have known faults, and fails for those that are `high` or worse. A registry
 * that keeps no such list, or none that can be reached, is no reason to fail: it is said that nothing was checked.
 */
import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

const GRAVE = ['high', 'critical'];

/**
 * @param {string} text what `npm audit --json` has printed
 * @returns {{ checked: boolean, faults: string[] }}
 */
export function findingsOf(text) {
  /** @type {{ vulnerabilities?: Record<string, { severity: string, range: string, via: (string | { title: string })[] }> }} */
  let report;
  try {
    report = JSON.parse(text);
  } catch {
    return { checked: false, faults: [] };
  }
  if (!report.vulnerabilities) return { checked: false, faults: [] };
  const grave = Object.entries(report.vulnerabilities).filter(([, { severity }]) => GRAVE.includes(severity));
  const faults = grave.map(([name, { severity, range, via }]) => {
    const titles = via.map((one) => (typeof one === 'string' ? `through ${one}` : one.title));
    return `${name} ${range} (${severity}): ${titles.join('; ')}`;
  });
  return { checked: true, faults };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  // Of one try each: a machine without a network is not to wait for it.
  const args = ['audit', '--json', '--fetch-retries=0', '--fetch-timeout=15000'];
  const { stdout } = spawnSync('npm', args, { encoding: 'utf8', timeout: 60_000 });
  const { checked, faults } = findingsOf(stdout ?? '');
  if (!checked) console.log('Known faults of packages: not checked, no registry keeps a list of them here');
  for (const fault of faults) console.error(`✖ ${fault}`);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
