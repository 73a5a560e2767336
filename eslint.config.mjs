import js from '@eslint/js';
import ts from 'typescript-eslint';
import jest from 'eslint-plugin-jest';
import prettier from 'eslint-config-prettier';

const nodeGlobals = Object.fromEntries(
  ['process', 'console', 'fetch', 'URL', 'URLSearchParams', 'AbortSignal', 'AbortController', 'Buffer']
    .concat(['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'performance'])
    .concat(['require', 'module', '__dirname', 'structuredClone'])
    .map((name) => [name, 'readonly']),
);

const pageGlobals = Object.fromEntries(
  ['window', 'document', 'location', 'localStorage', 'navigator', 'customElements', 'matchMedia', 'getComputedStyle']
    .concat(['requestAnimationFrame', 'cancelAnimationFrame', 'performance', 'crypto', 'fetch', 'AbortSignal'])
    .concat(['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'URLSearchParams', 'FormData'])
    .concat(['Event', 'EventTarget', 'CustomEvent', 'ResizeObserver'])
    .map((name) => [name, 'readonly']),
);

export default ts.config(
  { ignores: ['dist/**', 'coverage/**', '.data/**', '.cache/**', 'node_modules/**'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...ts.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // A promise that nobody awaits is how work gets lost without a trace.
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['**/*.spec.ts', 'test/**/*.ts'],
    ...jest.configs['flat/recommended'],
    rules: {
      ...jest.configs['flat/recommended'].rules,
      // Jest's matchers (`expect.any`, `expect.stringContaining`) are typed as any.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      'jest/no-focused-tests': 'error',
      'jest/no-disabled-tests': 'error',
      'jest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*', 'fc.assert', 'eventually'] }],
    },
  },
  { files: ['**/*.mjs', '**/*.js'], languageOptions: { globals: nodeGlobals, sourceType: 'module' } },
  { files: ['**/*.js'], languageOptions: { sourceType: 'commonjs' } },
  {
    // What runs in browsers: as it stands, without a build.
    files: ['apps/gateway/console/*.js'],
    languageOptions: { globals: pageGlobals, sourceType: 'module' },
    rules: { 'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }] },
  },
  prettier,
);
