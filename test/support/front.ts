import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './eventually';
import { freePort } from './free-port';

const root = join(__dirname, '../..');
const NGINX = process.env.NGINX_BIN ?? 'nginx';

/** What one gateway was asked, and a server in its place. */
export interface Backend {
  port: number;
  requests: IncomingMessage[];
  server: Server;
}

/** A server where a gateway would be; it answers 200 with its own name unless told otherwise. */
export async function backend(address: string, port: number, answer?: RequestListener): Promise<Backend> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    if (answer) answer(request, response);
    else request.resume().on('end', () => response.end(address));
  });
  server.listen(port, address);
  await once(server, 'listening');
  return { port, requests, server };
}

/** Nginx with the project's template, filled in as told, inside the few lines that the image or the launcher has. */
export class Front {
  private child?: ChildProcess;
  private readonly folder = mkdtempSync(join(tmpdir(), 'order-suite-nginx-'));

  constructor(
    readonly port: number,
    variables: { GATEWAY_UPSTREAM: string; NGINX_RESOLVER: string },
    around: string,
  ) {
    const values: Record<string, string> = { ...variables, NGINX_PORT: String(port) };
    const template = readFileSync(join(root, 'docker/nginx.conf'), 'utf8');
    mkdirSync(join(this.folder, 'temp'));
    writeFileSync(
      join(this.folder, 'site.conf'),
      template.replace(/\$\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole),
    );
    const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((of) => `${of}_temp_path temp/${of};`);
    writeFileSync(
      join(this.folder, 'nginx.conf'),
      `daemon off; ${process.getuid?.() === 0 ? 'user root;' : ''} pid nginx.pid; events {}
       http { ${paths.join(' ')} ${around} include site.conf; }`,
    );
  }

  static async find(variables: ConstructorParameters<typeof Front>[1], around = ''): Promise<Front> {
    return new Front(await freePort(), variables, around);
  }

  private get args(): string[] {
    return ['-p', this.folder, '-c', join(this.folder, 'nginx.conf'), '-e', 'stderr'];
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What `nginx -t` says of the configuration. */
  async check(): Promise<string> {
    const { stderr } = await promisify(execFile)(NGINX, ['-t', ...this.args]);
    return stderr;
  }

  async start(): Promise<void> {
    this.child = spawn(NGINX, this.args, { stdio: 'ignore' });
    await eventually(() => fetch(`${this.url}/metrics`));
  }

  async stop(): Promise<void> {
    if (this.child && this.child.exitCode === null) {
      this.child.kill('SIGTERM');
      await once(this.child, 'exit');
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
