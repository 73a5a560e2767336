import { fromDebianCache, fromDebianPackage } from './debian.mjs';
import { provision } from './provision.mjs';
import { which } from './system.mjs';

/**
 * An nginx that runs here. The suite also works without one, on the gateway's own port, so the caller may go on.
 * @param {import('./settings.mjs').Settings} settings
 */
export function provisionNginx({ binaries, cacheDir }) {
  return provision({
    program: 'nginx',
    versionFlag: '-v',
    atLeast: [1, 20],
    fix: 'install Nginx (`apt install nginx`, `brew install nginx`) or set NGINX_BIN',
    sources: [
      { name: 'NGINX_BIN', binding: Boolean(binaries.nginx), find: () => binaries.nginx },
      { name: 'PATH', find: () => which('nginx') },
      { name: 'cache', find: () => fromDebianCache('nginx', 'nginx', cacheDir) },
      { name: 'Debian package', find: () => fromDebianPackage('nginx', 'nginx', cacheDir) },
    ],
  });
}
