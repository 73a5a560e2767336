import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient, type Document } from 'mongodb';
import { eventually } from './eventually';
import { freePort } from './free-port';

/** What the suite needs of Redis, as docs/SECURITY.md says it, and what the test itself does: FLUSHDB. */
const RIGHTS = ['~*', '&*', '+@all', '-@admin', '-@dangerous', '+info', '+flushdb'];

/** A Redis and a MongoDB that speak TLS alone, with certificates made just now, and let nobody in without a password. */
export class SecuredStores {
  private readonly folder = mkdtempSync(join(tmpdir(), 'secured-'));
  private readonly processes: ChildProcess[] = [];
  readonly password = randomBytes(12).toString('hex');
  private readonly file = (name: string) => join(this.folder, name);
  readonly ca = this.file('ca.pem');
  redisPort = 0;
  private mongodbPort = 0;

  static async start(): Promise<SecuredStores> {
    const stores = new SecuredStores();
    stores.makeCertificates();
    await stores.startRedis();
    await stores.startMongodb();
    return stores;
  }

  get mongodbUri(): string {
    return this.uri(`shop:${this.password}@`, '&authSource=admin');
  }

  /** The settings of a suite that stands on these. */
  get environment() {
    return {
      MONGODB_URI: this.mongodbUri,
      REDIS_HOST: '127.0.0.1',
      REDIS_PORT: String(this.redisPort),
      REDIS_USERNAME: 'shop',
      REDIS_PASSWORD: this.password,
      REDIS_TLS: 'true',
      REDIS_TLS_CA: this.ca,
    };
  }

  uri(who: string, more = ''): string {
    return `mongodb://${who}127.0.0.1:${this.mongodbPort}/?replicaSet=rs0&tls=true&tlsCAFile=${this.ca}${more}`;
  }

  async stop(): Promise<void> {
    for (const child of this.processes) {
      const ended = once(child, 'exit');
      if (child.exitCode === null && child.kill('SIGKILL')) await ended;
    }
    rmSync(this.folder, { recursive: true });
  }

  private makeCertificates(): void {
    const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe' });
    const key = ['-newkey', 'rsa:2048', '-nodes'];
    openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Test authority');
    openssl('req', ...key, '-keyout', 'store.key', '-out', 'store.csr', '-subj', '/CN=store');
    writeFileSync(this.file('names'), 'subjectAltName=IP:127.0.0.1');
    const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
    openssl('x509', '-req', '-in', 'store.csr', '-out', 'store.crt', ...signed);
    writeFileSync(
      this.file('store.pem'),
      ['store.key', 'store.crt'].map((name) => readFileSync(this.file(name), 'utf8')).join(''),
    );
    writeFileSync(this.file('members.key'), randomBytes(48).toString('base64'), { mode: 0o600 });
  }

  private async startRedis(): Promise<void> {
    this.redisPort = await freePort();
    const acl = ['user default off', `user shop on >${this.password} ${RIGHTS.join(' ')}`];
    writeFileSync(this.file('users.acl'), `${acl.join('\n')}\n`);
    this.run(process.env.REDIS_SERVER_BIN ?? 'redis-server', [
      ...['--port', '0', '--tls-port', `${this.redisPort}`, '--bind', '127.0.0.1', '--dir', this.folder, '--save', ''],
      ...['--tls-cert-file', 'store.crt', '--tls-key-file', 'store.key', '--tls-ca-cert-file', 'ca.pem'],
      ...['--tls-auth-clients', 'no', '--aclfile', 'users.acl'],
    ]);
  }

  /** The first user can be made by whoever comes from the same machine, as long as there is none. */
  private async startMongodb(): Promise<void> {
    this.mongodbPort = await freePort();
    this.run(process.env.MONGOD_BIN ?? 'mongod', [
      ...['--replSet', 'rs0', '--dbpath', this.folder, '--port', `${this.mongodbPort}`, '--bind_ip', '127.0.0.1'],
      ...['--tlsMode', 'requireTLS', '--tlsCertificateKeyFile', 'store.pem', '--tlsCAFile', 'ca.pem'],
      ...['--tlsAllowConnectionsWithoutCertificates', '--keyFile', 'members.key', '--nounixsocket'],
      ...['--wiredTigerCacheSizeGB', '0.25', '--oplogSize', '64'],
    ]);
    const members = [{ _id: 0, host: `127.0.0.1:${this.mongodbPort}` }];
    await this.command({ replSetInitiate: { _id: 'rs0', members } });
    await this.command({ createUser: 'shop', pwd: this.password, roles: ['readWriteAnyDatabase'] });
  }

  private command(command: Document): Promise<Document> {
    const uri = this.uri('').replace('replicaSet=rs0', 'directConnection=true');
    return eventually(
      async () => {
        const client = new MongoClient(uri, { serverSelectionTimeoutMS: 1_000 });
        return client
          .db('admin')
          .command(command)
          .finally(() => client.close());
      },
      { timeoutMs: 30_000 },
    );
  }

  private run(program: string, args: string[]): void {
    this.processes.push(spawn(program, args, { cwd: this.folder, stdio: 'ignore' }));
  }
}
