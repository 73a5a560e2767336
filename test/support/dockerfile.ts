import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** A stage as the Dockerfile leaves it: its files, and what a container made of it would run. */
export interface Stage {
  folder: string;
  environment: Record<string, string>;
  entrypoint: string[];
  healthcheck: string[];
  user: string;
}

/**
 * Carries out a Dockerfile as far as that goes without an engine: each stage is a folder that stands for its working
 * directory, COPY copies, RUN runs there. Base images are not there, their place is taken by this machine.
 *
 * `already`: commands whose result is at hand (`npm ci`, where the modules are those of this very lock file); it is
 * given the stage's folder instead of running them.
 */
export class DockerBuild {
  private readonly folder = mkdtempSync(join(tmpdir(), 'order-suite-image-'));
  private readonly stages = new Map<string, Stage>();
  private stage!: Stage;

  constructor(
    private readonly context: string,
    private readonly already: Record<string, (folder: string) => void>,
  ) {}

  build(file: string, target: string): Stage {
    const text = readFileSync(join(this.context, file), 'utf8').replace(/^#.*$/gm, '').replace(/\\\n/g, ' ');
    for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
      const [, instruction, rest] = /^(\w+)\s+(.*)$/.exec(line)!;
      this.carryOut(instruction, rest);
    }
    return this.stages.get(target)!;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private carryOut(instruction: string, rest: string): void {
    switch (instruction) {
      case 'FROM':
        return this.from(rest);
      case 'COPY':
        return this.copy(rest.split(' '));
      case 'RUN':
        return this.run(rest.replace(/^(--\S+\s+)*/, ''));
      case 'ENV':
        for (const [, name, value] of rest.matchAll(/(\w+)=(\S+)/g)) this.stage.environment[name] = value;
        return;
      case 'ENTRYPOINT':
        this.stage.entrypoint = JSON.parse(rest) as string[];
        return;
      case 'HEALTHCHECK':
        this.stage.healthcheck = JSON.parse(rest.replace(/^.*CMD /, '')) as string[];
        return;
      case 'USER':
        this.stage.user = rest;
        return;
      case 'WORKDIR':
      case 'EXPOSE':
        return;
      default:
        throw new Error(`${instruction} is not known here`);
    }
  }

  private from(rest: string): void {
    const [, base, name] = /^(\S+) AS (\S+)$/.exec(rest)!;
    const parent = this.stages.get(base);
    const folder = join(this.folder, name);
    mkdirSync(folder);
    if (parent) cpSync(parent.folder, folder, { recursive: true, verbatimSymlinks: true });
    this.stage = { environment: {}, entrypoint: [], healthcheck: [], user: 'root', ...parent, folder };
    this.stages.set(name, this.stage);
  }

  /** Of a folder its contents are copied, of a file the file; from the project only what .dockerignore lets through. */
  private copy(parts: string[]): void {
    const from = parts[0].startsWith('--from=') ? this.stages.get(parts.shift()!.slice('--from='.length))! : undefined;
    const target = join(this.stage.folder, parts.pop()!);
    for (const part of parts) {
      const sources = from ? [join(from.folder, part.replace(/^\/app\//, ''))] : this.fromContext(part);
      for (const source of sources) {
        const into = part === '.' || /\/$|\/\.$/.test(target) ? join(target, basename(source)) : target;
        if (from) link(source, into);
        else cpSync(source, into, { recursive: true, verbatimSymlinks: true });
      }
    }
  }

  private fromContext(part: string): string[] {
    const allowed = readFileSync(join(this.context, '.dockerignore'), 'utf8').match(/(?<=^!).+$/gm)!;
    const named = part === '.' ? allowed : allowed.filter((name) => name === part);
    if (named.length === 0) throw new Error(`.dockerignore keeps ${part} out`);
    return named.map((name) => join(this.context, name)).filter(existsSync);
  }

  private run(command: string): void {
    const done = this.already[command];
    if (done) return done(this.stage.folder);
    execFileSync('sh', ['-c', command], { cwd: this.stage.folder, stdio: 'pipe' });
  }
}

/** The modules of the project, for a stage that would install the same ones. */
export const linkModules = (root: string) => (folder: string) =>
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));

/**
 * Those of them that `npm ci --omit=dev` installs, by the lock file. As files at a place of their own: nothing in there
 * finds one that was left out.
 */
export const productionModules = (root: string) => (folder: string) => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Packages };
  for (const [path, { dev }] of Object.entries(lock.packages)) {
    // Optional ones of other platforms are not there.
    if (path !== '' && !dev && existsSync(join(root, path))) linkPackage(join(root, path), join(folder, path));
  }
};

type Packages = Record<string, { dev?: boolean }>;

/** One package, without those within it, which stand in the lock file themselves. */
function linkPackage(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) if (name !== 'node_modules') link(join(from, name), join(to, name));
}

/** Thirty thousand files: a second link to each is a matter of a second, a copy of some twenty. */
function link(source: string, target: string): void {
  const kind = lstatSync(source);
  if (kind.isSymbolicLink()) return symlinkSync(readlinkSync(source), target);
  if (!kind.isDirectory()) return linkFile(source, target);
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(source)) link(join(source, name), join(target, name));
}

/** A copy where it is another disk. */
function linkFile(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    copyFileSync(source, target);
  }
}
