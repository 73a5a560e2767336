import { join } from 'node:path';
import { ensureSecrets } from './secrets.mjs';
import { mongodbUri } from './stores.mjs';

/** Far out of the way of a load test; the limit on wrong passwords is another one and stays. */
const NO_LIMIT = '1000000';

/**
 * The environment of every process. What is set already wins; the rest is filled in so that the suite can be tried
 * without setting anything. In production nothing is made up: what is missing there is the services' own complaint.
 *
 * @param {import('./settings.mjs').Settings} settings
 * @param {NodeJS.ProcessEnv} given
 * @returns {NodeJS.ProcessEnv}
 */
export function environmentOf(settings, given = process.env) {
  const { mode, ports, logDir, cacheDir } = settings;
  const defaults = {
    NODE_ENV: mode,
    LOG_DIR: logDir,
    LOG_CONSOLE_LEVEL: 'warn',
    // From 22.1 on Node keeps what it has compiled, which saves a fifth of a start; older ones look past it.
    NODE_COMPILE_CACHE: join(cacheDir, 'compiled'),
    PUBLIC_URL: `http://localhost:${ports.NGINX_PORT}`,
    ...(mode === 'production' ? {} : trial(settings)),
  };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== ''));
  return { ...defaults, ...set, ...embeddedStores(settings) };
}

/**
 * Where the stores are that were started.
 * @param {import('./settings.mjs').Settings} settings
 */
export const embeddedStores = ({ ports, mongodbUri: givenUri, redisHost }) => ({
  ...(givenUri ? {} : { MONGODB_URI: mongodbUri(ports.EMBEDDED_MONGODB_PORT) }),
  ...(redisHost
    ? {}
    : {
        REDIS_HOST: '127.0.0.1',
        REDIS_PORT: String(ports.EMBEDDED_REDIS_PORT),
        REDIS_USERNAME: '',
        REDIS_PASSWORD: '',
        REDIS_TLS: '',
      }),
});

/** @param {import('./settings.mjs').Settings} settings */
const trial = ({ ports, dataDir }) => ({
  // Without keys of their own, Stripe and PayPal are the sandbox.
  SANDBOX_URL: `http://127.0.0.1:${ports.SANDBOX_PORT}`,
  SANDBOX_SHOP_URL: `http://127.0.0.1:${ports.NGINX_PORT}`,
  SUCCESS_URL: `http://127.0.0.1:${ports.SANDBOX_PORT}/returned/paid`,
  CANCEL_URL: `http://127.0.0.1:${ports.SANDBOX_PORT}/returned/left`,
  ...ensureSecrets(dataDir),
  SEED_DEMO: 'true',
  // Real passwords are worth the default cost; the demo's are printed on the screen.
  BCRYPT_COST: '4',
  RATE_LIMIT_MAX: NO_LIMIT,
  AUTH_RATE_LIMIT_MAX: NO_LIMIT,
  SMTP_URL: `smtp://127.0.0.1:${ports.SANDBOX_SMTP_PORT}`,
  SANDBOX_PORT: String(ports.SANDBOX_PORT),
  SANDBOX_SMTP_PORT: String(ports.SANDBOX_SMTP_PORT),
});
