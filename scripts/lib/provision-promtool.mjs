import { fromDebianCache, fromDebianPackage } from './debian.mjs';
import { provision } from './provision.mjs';
import { which } from './system.mjs';

/**
 * Prometheus' own tool, which checks rules and tries them out. It comes with Prometheus.
 * @param {import('./settings.mjs').Settings} settings
 */
export function provisionPromtool({ binaries, cacheDir }) {
  return provision({
    program: 'promtool',
    versionFlag: '--version',
    atLeast: [2, 42],
    fix: 'install Prometheus (`apt install prometheus`, `brew install prometheus`) or set PROMTOOL_BIN',
    sources: [
      { name: 'PROMTOOL_BIN', binding: Boolean(binaries.promtool), find: () => binaries.promtool },
      { name: 'PATH', find: () => which('promtool') },
      { name: 'cache', find: () => fromDebianCache('prometheus', 'promtool', cacheDir) },
      { name: 'Debian package', find: () => fromDebianPackage('prometheus', 'promtool', cacheDir) },
    ],
  });
}
