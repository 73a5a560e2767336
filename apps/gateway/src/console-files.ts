import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Injectable } from '@nestjs/common';

/** A file as it is sent. */
export interface ConsoleFile {
  type: string;
  etag: string;
  plain: Buffer;
  gzip: Buffer;
}

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Names of the libraries' files as the page asks for them, and where they lie in their packages. */
const vendor: Record<string, [packageName: string, file: string]> = {
  'lit.js': ['lit', 'index.js'],
  'lit-element.js': ['lit-element', 'lit-element.js'],
  'lit-html.js': ['lit-html', 'lit-html.js'],
  'is-server.js': ['lit-html', 'is-server.js'],
  'reactive-element.js': ['@lit/reactive-element', 'reactive-element.js'],
  // Beside the file that asks for it by this name.
  'css-tag.js': ['@lit/reactive-element', 'css-tag.js'],
  'uplot.js': ['uplot', 'dist/uPlot.iife.min.js'],
  'uplot.css': ['uplot', 'dist/uPlot.min.css'],
};

/** Beside the sources, and in dist beside what was made of them. */
const FOLDER = join(__dirname, '../console');

/** The files of the console: few and small, so they are read once and kept, and nothing else can be asked for. */
@Injectable()
export class ConsoleFiles {
  readonly page: string;
  /** Of the page: only its own scripts and styles run, and nothing of another host is loaded, asked or framed. */
  readonly policy: string;
  private readonly own = new Map<string, ConsoleFile>();
  private readonly libraries = new Map<string, ConsoleFile>();

  constructor() {
    this.page = readFileSync(join(FOLDER, 'index.html'), 'utf8');
    this.policy = policyOf(this.page);
    for (const name of readdirSync(FOLDER)) {
      if (extname(name) in types) this.own.set(name, fileOf(name, readFileSync(join(FOLDER, name))));
    }
    for (const [name, [packageName, file]] of Object.entries(vendor)) {
      this.libraries.set(name, fileOf(name, readFileSync(join(packageFolder(packageName), file))));
    }
  }

  ownFile(name: string): ConsoleFile | undefined {
    return this.own.get(name);
  }

  library(name: string): ConsoleFile | undefined {
    return this.libraries.get(name);
  }
}

function fileOf(name: string, plain: Buffer): ConsoleFile {
  const etag = `"${hash('sha256', plain, 'base64url').slice(0, 22)}"`;
  return { type: types[extname(name)], etag, plain, gzip: gzipSync(plain, { level: 9 }) };
}

/** Not every package lets its files be resolved by name; each lets itself be. */
function packageFolder(name: string): string {
  const resolved = require.resolve(name, { paths: [require.resolve('lit')] });
  const folder = join('node_modules', name);
  return resolved.slice(0, resolved.lastIndexOf(folder) + folder.length);
}

/** The one inline script is the import map, which is data; it is allowed by what is in it. */
function policyOf(page: string): string {
  const importMap = /<script type="importmap">([^]*?)<\/script>/.exec(page)![1];
  return [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hash('sha256', importMap, 'base64')}'`,
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
