import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { problems } from '@suite/contracts';
import { namesInEnvironmentFile } from '../architecture/settings';
import { root } from '../support/launcher';

interface Service {
  image: string;
  build?: { context: string; dockerfile: string; target: string };
  command?: string[];
  environment?: Record<string, string | number>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test?: string[]; disable?: boolean };
  ports?: string[];
  volumes?: string[];
  profiles?: string[];
  container_name?: string;
}
interface ComposeFile {
  services: Record<string, Service>;
}
interface ProcessKind {
  name: string;
  entry: string;
  neverInProduction?: boolean;
}

const read = (file: string) => readFileSync(join(root, file), 'utf8');
const { services } = parse(read('docker/compose.yml'), { merge: true }) as ComposeFile;
const production = (parse(read('docker/compose.production.yml'), { merge: true }) as ComposeFile).services;
const kinds = JSON.parse(
  execFileSync(
    process.execPath,
    ['-e', "import('./scripts/lib/processes.mjs').then((all) => console.log(JSON.stringify(all.processKinds)))"],
    {
      cwd: root,
      encoding: 'utf8',
    },
  ),
) as ProcessKind[];
const ours = Object.entries(services).filter(([, { build }]) => build);

/** Compose itself needs an engine; what it would be told is compared with the code. */
describe('docker/compose.yml', () => {
  it('runs every process of the suite once, each by its name, all from one image', () => {
    expect(ours.map(([, { command }]) => command![0]).sort()).toEqual(
      [...kinds.map(({ name }) => name), 'seed'].sort(),
    );
    expect(new Set(ours.map(([, { image }]) => image))).toEqual(new Set(['order-suite']));
    for (const [name, { command, build }] of ours) {
      expect(command).toEqual([name]);
      expect(existsSync(join(root, 'docker', build!.context, build!.dockerfile))).toBe(true);
      expect(read('docker/Dockerfile')).toContain(` AS ${build!.target}\n`);
    }
  });

  it('starts entries that the build makes', () => {
    for (const { entry } of kinds) {
      const source = entry.replace(/^dist\//, '').replace(/\.js$/, '.ts');
      expect([source, existsSync(join(root, source))]).toEqual([source, true]);
    }
  });

  it('sets only settings that there are', () => {
    const known = namesInEnvironmentFile(read('.env.example'));
    for (const [name, { environment = {} }] of ours) {
      expect([name, Object.keys(environment).filter((setting) => !known.includes(setting))]).toEqual([name, []]);
    }
    const asked = [...read('docker/compose.yml').matchAll(/\$\{([A-Z_]+)/g)].map(([, setting]) => setting);
    expect(asked.filter((setting) => !known.includes(setting))).toEqual([]);
  });

  it('points every process at the stores, with the password that Redis asks for', () => {
    const redis = services.redis.command!;
    const password = redis[redis.indexOf('--requirepass') + 1];
    expect(services.redis.environment).toEqual({ REDISCLI_AUTH: password });
    expect(redis.join(' ')).toMatch(/--maxmemory-policy noeviction --appendonly yes/);
    expect(services.mongodb.command!.join(' ')).toContain('--replSet rs0');
    for (const [, { environment }] of ours) {
      expect(environment).toMatchObject({
        MONGODB_URI: 'mongodb://mongodb:27017/?replicaSet=rs0',
        REDIS_HOST: 'redis',
        REDIS_PASSWORD: password,
      });
    }
  });

  it('starts each after what it needs, by its health, and everything has one', () => {
    for (const [name, { depends_on = {}, healthcheck, image }] of Object.entries(services)) {
      for (const [other, { condition }] of Object.entries(depends_on))
        expect([name, other, condition, other in services]).toEqual([name, other, 'service_healthy', true]);
      const asked = healthcheck?.test ?? image === 'order-suite'; // the image brings its own
      expect([name, Boolean(asked)]).toEqual([name, name !== 'redis-commander']);
    }
    expect(Object.keys(services.gateway.depends_on!)).toEqual(
      expect.arrayContaining(['auth', 'stock', 'orders', 'processor', 'payments', 'notifications', 'mongodb', 'redis']),
    );
    expect(Object.keys(services.nginx.depends_on!)).toEqual(['gateway']);
    expect(read('docker/Dockerfile')).toContain('HEALTHCHECK');
  });

  it('can have several of each: no fixed name, no published port, and Nginx looks the gateways up', () => {
    for (const { name } of kinds.filter((kind) => !kind.neverInProduction)) {
      expect(services[name]).not.toHaveProperty('container_name');
      expect(services[name]).not.toHaveProperty('ports');
    }
    expect(services.nginx.environment).toMatchObject({
      GATEWAY_UPSTREAM: `gateway:${services.gateway.environment!.PORT}`,
      NGINX_RESOLVER: '127.0.0.11',
      NGINX_PORT: 80,
    });
  });

  it('gives Nginx the template, and every variable in it', () => {
    expect(services.nginx.volumes).toEqual(['./nginx.conf:/etc/nginx/templates/default.conf.template:ro']);
    const wanted = new Set([...read('docker/nginx.conf').matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name));
    const given = services.nginx.environment!;
    expect([...wanted].filter((name) => !(name in given))).toEqual([]);
    const filter = new RegExp(String(given.NGINX_ENVSUBST_FILTER).replace('$$', '$'));
    expect([...wanted].filter((name) => !filter.test(name))).toEqual([]);
  });

  it('opens port 80 to the world and nothing else', () => {
    const opened = Object.values(services).flatMap(({ ports = [] }) => ports);
    expect(opened.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual(['${NGINX_PORT:-80}:80']);
    expect(services['redis-commander']).toMatchObject({ profiles: ['tools'], ports: ['127.0.0.1:8081:8081'] });
  });
});

describe('docker/compose.production.yml', () => {
  it('makes everything strict that takes part, and leaves the rest out', () => {
    const strict = kinds.filter(({ neverInProduction }) => !neverInProduction).map(({ name }) => name);
    const left = ours.map(([name]) => name).filter((name) => !strict.includes(name));
    for (const name of strict) expect(production[name].environment).toMatchObject({ NODE_ENV: 'production' });
    for (const name of left) expect(production[name].profiles).toEqual(['never']);
    expect(production.auth.environment).toMatchObject({ SEED_DEMO: 'false' });
    // Where nothing is set, nobody is sent to the pages of the sandbox.
    expect(production.payments.environment).toMatchObject({
      SUCCESS_URL: '${SUCCESS_URL:-}',
      CANCEL_URL: '${CANCEL_URL:-}',
    });
    expect(production.redis.environment!.REDISCLI_AUTH).toMatch(/^\$\{REDIS_PASSWORD:\?/);
  });

  it('sets nothing to a value that it would have in a trial', () => {
    expect(read('docker/compose.production.yml')).not.toMatch(/only-for-trying|development|sandbox:1025|1000000/);
  });
});

describe('docker/nginx.conf', () => {
  it('speaks of problems in the words of the code', () => {
    const text = read('docker/nginx.conf');
    const spoken = Object.entries(problems).filter(([code]) => text.includes(`${code} '`));
    for (const [code, { title, status }] of spoken) {
      expect(text).toContain(`${code} '/problems/${code.toLowerCase().replaceAll('_', '-')}';`);
      expect(text).toContain(`${code} '${title}';`);
      // 503 is one of two, by what may have happened.
      expect(text).toMatch(new RegExp(`${status} (${code}|\\$suite_unanswered);`));
    }
    expect(text.match(/^ {2}[A-Z_]+ '\/problems/gm)!.length).toBeGreaterThanOrEqual(7);
  });
});
