import { provision } from './provision.mjs';
import { run, runOrFail } from './run.mjs';
import { which } from './system.mjs';

/** As Debian, Ubuntu, Google and macOS call it. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MACOS = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

const onPath = () => NAMES.map((name) => which(name)).find(Boolean);

/**
 * A browser that runs here, for the stories that are told by clicking. It depends on half a desktop, so that unpacking
 * its package, as for the stores, would not do: it is installed, where that is allowed.
 *
 * @param {import('./settings.mjs').Settings} settings
 */
export function provisionChromium({ binaries }) {
  return provision({
    program: 'chromium',
    versionFlag: '--version',
    atLeast: [110, 0],
    fix: 'install Chromium (`apt install chromium`, `brew install --cask chromium`) or set CHROMIUM_BIN',
    sources: [
      { name: 'CHROMIUM_BIN', binding: Boolean(binaries.chromium), find: () => binaries.chromium },
      { name: 'PATH', find: onPath },
      { name: 'Google Chrome', find: () => (process.platform === 'darwin' ? MACOS : undefined) },
      { name: 'apt-get install, as root', find: install },
    ],
  });
}

async function install() {
  if (process.getuid?.() !== 0 || !which('apt-get')) return undefined;
  const apt = ['-q', '-y', '--no-install-recommends', 'install', 'chromium'];
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeoutMs: 400_000 };
  const first = await run('apt-get', apt, options);
  if (first.code !== 0) {
    // A machine whose package lists were never fetched knows no package.
    await runOrFail('apt-get', ['-q', 'update'], options);
    await runOrFail('apt-get', apt, options);
  }
  return onPath();
}
