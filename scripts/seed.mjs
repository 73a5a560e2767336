/** `npm run seed`: puts the demo's catalogue and orders into the running suite (BASE_URL, by default this machine's). */
import { Failure, report } from './lib/failure.mjs';
import { seed } from './lib/seeding.mjs';
import { loadEnvFile, readSettings } from './lib/settings.mjs';
import { shopUrl } from './lib/shop.mjs';

try {
  loadEnvFile();
  const { mode, ports } = readSettings();
  if (mode === 'production') {
    throw new Failure('Demo data are never put into production.', 'unset NODE_ENV if this is a trial');
  }
  console.log(`✔ Demo data: ${await seed(shopUrl(ports.NGINX_PORT))}`);
} catch (error) {
  report(error);
  process.exitCode = 1;
}
