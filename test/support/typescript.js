/**
 * Lets a child process of a test run TypeScript as it is: `node --require test/support/typescript.js some.ts`. The same
 * compiler and settings as the build, so that a test needs no build before it.
 */
// A test that was killed cannot stop what it started.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));

const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { join } = require('node:path');
const { transformSync } = require('@swc/core');

const root = join(__dirname, '../..');
const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  const lib = /^@suite\/(contracts|platform)$/.exec(request);
  return resolve.call(this, lib ? join(root, 'libs', lib[1], 'src/index.ts') : request, ...rest);
};

Module._extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
      keepClassNames: true,
    },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
    swcrc: false,
  });
  module._compile(code, filename);
};
