/**
 * Nest 12 and several other dependencies are ES modules, which Jest can require() only with an experimental flag of
 * newer Nodes. So everything, node_modules included, becomes CommonJS through swc; Jest caches the result.
 */
const swc = (kind) => ({
  // 'unknown': a file without import/export stays a script (top-level `this`, sloppy mode). true: also rewrites import().
  isModule: kind === 'cjs' ? 'unknown' : true,
  jsc: {
    target: 'es2022',
    parser: kind === 'ts' ? { syntax: 'typescript', decorators: true } : { syntax: 'ecmascript' },
    ...(kind === 'ts' && {
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    }),
    keepClassNames: true,
  },
  module: { type: 'commonjs' },
  sourceMaps: kind === 'ts' ? 'inline' : false,
  swcrc: false,
});

const base = {
  testEnvironment: 'node',
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  transform: {
    '\\.ts$': ['@swc/jest', swc('ts')],
    // CommonJS packages that call import() at run time: without a rewrite it throws
    // ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING_FLAG, which mongodb hides behind an endless server selection error.
    '/node_modules/(mongodb|@aws/lambda-invoke-store)/.+\\.c?js$': ['@swc/jest', swc('js')],
    '\\.[mc]?js$': ['@swc/jest', swc('cjs')],
  },
  transformIgnorePatterns: [],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.data', '<rootDir>/.cache'],
  moduleNameMapper: { '^@suite/(contracts|platform)$': '<rootDir>/libs/$1/src/index.ts' },
  setupFiles: ['reflect-metadata'],
};

const project = (displayName, ...testMatch) => ({ ...base, displayName, testMatch });
/** The compiler is one CommonJS file of 9 MB: nothing to rewrite, and slow to. */
const withCompiler = { transformIgnorePatterns: ['/node_modules/typescript/'] };
const withPatience = { setupFilesAfterEnv: ['<rootDir>/test/support/patience.ts'] };

module.exports = {
  projects: [
    project('unit', '<rootDir>/{apps,libs,test/load,test/oracle,test/prove}/**/*.spec.ts'),
    { ...project('architecture', '<rootDir>/test/{architecture,observability}.spec.ts'), ...withCompiler },
    // Real MongoDB and Redis, one service or one wire at a time.
    { ...project('integration', '<rootDir>/test/integration/**/*.spec.ts'), ...withPatience },
    // Stories through Nginx against the started suite.
    project('e2e', '<rootDir>/test/e2e/**/*.spec.ts'),
    // Kills, outages and rushes against a suite of their own, and the oracle afterwards.
    project('chaos', '<rootDir>/test/chaos/**/*.spec.ts'),
  ],
  coverageProvider: 'v8',
  collectCoverageFrom: ['<rootDir>/{apps,libs}/**/src/**/*.ts'],
  testTimeout: 30_000,
};
