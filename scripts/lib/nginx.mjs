import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { gatewayPorts, stopOrders } from './processes.mjs';
import { root } from './settings.mjs';
import { sends } from './stores.mjs';

const TEMPLATE = join(root, 'docker/nginx.conf');

/**
 * Fills in a template as `envsubst` does in the official image: what is named, and nothing else, so that Nginx' own
 * variables stay.
 *
 * @param {string} template
 * @param {Record<string, string>} values
 */
export const render = (template, values) => template.replace(/\$\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

/**
 * Writes the configuration for the embedded run: the template of docker/, and around it what the image has of its own.
 * @param {import('./settings.mjs').Settings} settings
 * @returns {string} the main file
 */
export function writeNginxConfig(settings) {
  const folder = join(settings.dataDir, 'nginx');
  mkdirSync(join(folder, 'temp'), { recursive: true });
  const site = render(readFileSync(TEMPLATE, 'utf8'), {
    NGINX_PORT: String(settings.ports.NGINX_PORT),
    GATEWAY_UPSTREAM: 'gateways',
    NGINX_RESOLVER: '127.0.0.11', // never asked: the upstream is a group
  });
  writeFileSync(join(folder, 'site.conf'), site);
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, mainConfig(gatewayPorts(settings)));
  return file;
}

/** @param {number[]} ports of the gateway's replicas */
const mainConfig = (ports) => `# Written at every start; the part to change is docker/nginx.conf.
${process.getuid?.() === 0 ? `user ${userInfo().username};` : '# not root: the workers run as who started them'}
worker_processes ${Math.min(ports.length, 2)};
worker_shutdown_timeout 3s;
pid nginx.pid;
error_log stderr warn;
events {
  worker_connections 4096;
}
http {
  client_body_temp_path temp/body;
  proxy_temp_path temp/proxy;
  fastcgi_temp_path temp/fastcgi;
  uwsgi_temp_path temp/uwsgi;
  scgi_temp_path temp/scgi;
  access_log off;
  tcp_nodelay on;
  # max_fails=0: asking one that is not there costs nothing on loopback, whereas one that has just come back and still
  # counts as failed would be missing when the next one ends.
  upstream gateways {
${ports.map((port) => `    server 127.0.0.1:${port} max_fails=0;`).join('\n')}
    keepalive 64;
    # Shorter than the gateway's own, and than the grace of one that ends (apps/gateway/src/drain.ts): so no request is
    # sent into a connection that is just being closed. Only Nginx can close it without that risk.
    keepalive_timeout 2s;
    keepalive_requests 100000;
  }
  include site.conf;
}
`;

/**
 * @param {import('./provision.mjs').Binary} nginx
 * @param {import('./settings.mjs').Settings} settings
 * @returns {import('./supervised-process.mjs').ProcessSpec}
 */
export function nginxSpec({ path, env }, settings) {
  const file = writeNginxConfig(settings);
  const port = settings.ports.NGINX_PORT;
  return {
    name: 'nginx',
    replica: 1,
    command: path,
    args: ['-p', join(settings.dataDir, 'nginx'), '-c', file, '-e', 'stderr', '-g', 'daemon off;'],
    env: { ...process.env, ...env },
    port,
    stopOrder: stopOrders.nginx,
    // Requests in hand are finished.
    stopSignal: 'SIGQUIT',
    quiet: true,
    ready: () => sends(port),
  };
}
