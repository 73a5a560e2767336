/**
 * The settings of scripts/ and docker/, which start the processes; those of the processes stand in their config classes.
 * @type {{ name: string, fallback: string, meaning: string }[]}
 */
export const launcherSettings = [
  {
    name: 'NGINX_PORT',
    fallback: '8080',
    meaning: 'Where clients come in: Nginx, on all addresses of the machine. 80 in Compose.',
  },
  {
    name: 'REPLICAS',
    fallback: '1',
    meaning:
      'How many of each process: `2` for all, `stock:2,orders:3` for some. Gateway number n listens on PORT + n - 1.',
  },
  {
    name: 'EMBEDDED_MONGODB_PORT',
    fallback: '27018',
    meaning: 'Of the MongoDB that is started where MONGODB_URI is not set.',
  },
  {
    name: 'EMBEDDED_REDIS_PORT',
    fallback: '6380',
    meaning: 'Of the Redis that is started where REDIS_HOST is not set.',
  },
  {
    name: 'NODE_BIN',
    fallback: '',
    meaning:
      'The Node that the services run on. Unless set, they run on the Node of the image, fetched by npm where the launcher runs on an older one.',
  },
  {
    name: 'MONGOD_BIN',
    fallback: '',
    meaning: 'The mongod to run (5.0 or newer), instead of looking for one. If it does not run, nothing else is tried.',
  },
  { name: 'REDIS_SERVER_BIN', fallback: '', meaning: 'The same for redis-server or valkey-server (6.2 or newer).' },
  { name: 'NGINX_BIN', fallback: '', meaning: 'The same for nginx (1.20 or newer).' },
  {
    name: 'CHROMIUM_BIN',
    fallback: '',
    meaning: 'The same for a Chromium or Chrome (110 or newer), in which `npm test` clicks through the pages.',
  },
  {
    name: 'PROMTOOL_BIN',
    fallback: '',
    meaning: 'The same for Prometheus’ promtool (2.42 or newer), with which `npm test` tries the alerts out.',
  },
  {
    name: 'SUITE_DATA_DIR',
    fallback: '.data',
    meaning: 'Data of the embedded stores, made-up secrets, process ids. One running suite a folder.',
  },
  {
    name: 'SUITE_CACHE_DIR',
    fallback: '~/.cache/order-suite',
    meaning: 'Downloaded programs, shared by all clones. XDG_CACHE_HOME is honoured.',
  },
  {
    name: 'BASE_URL',
    fallback: 'http://127.0.0.1:8080',
    meaning: 'The suite that `npm run seed` and `npm run load` talk to.',
  },
  {
    name: 'REDIS_COMMANDER_PASSWORD',
    fallback: '',
    meaning: 'Compose only: without one, Redis Commander does not start.',
  },
];
