import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IsInt } from 'class-validator';
import * as contracts from '@suite/contracts';
import * as contractRules from './architecture/contracts';
import * as files from './architecture/files';
import * as imports from './architecture/imports';
import { brokenLinks, unknownScripts } from './architecture/links';
import * as settings from './architecture/settings';
import { readSources, type Source, type Violations } from './architecture/source';

/**
 * The sentences on how this house is built, as tests. Each rule is shown twice: that it finds a violation planted for
 * it, so that it can fail, and that the project keeps it.
 */
const root = join(__dirname, '..');
const code = readSources(root, ['apps', 'libs'], ['.ts']);
const tests = readSources(root, ['test'], ['.ts', '.mjs', '.js']);
const scripts = readSources(root, ['scripts', 'docker'], ['.mjs', '.js']);
const readme: Source = { path: 'README.md', text: readFileSync(join(root, 'README.md'), 'utf8') };
const pages = [readme, ...readSources(root, ['docs'], ['.md'])];
const tables = contractRules.tablesOf(contracts);
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
  scripts: Record<string, string>;
};

const file = (path: string, text = ''): Source => ({ path, text });
const expectKept = (violations: Violations) => expect(violations).toEqual([]);

/** Which tables of contracts an app may speak of, beside its own. */
const partners: Record<string, string[]> = {
  gateway: Object.keys(tables),
  auth: ['notifications', 'stock'],
  stock: [],
  orders: ['stock', 'payments', 'notifications', 'auth'],
  payments: ['auth'],
  notifications: ['orders', 'auth'],
  chatbot: ['auth', 'orders', 'stock'],
  sandbox: [],
};

describe('imports', () => {
  it.each([
    ['apps/stock/src/a.ts', '../../orders/src/order.states', 'another house'],
    ['apps/stock/src/a.ts', '../../../libs/platform/src/context', 'through its door'],
    ['apps/stock/src/a.ts', '@suite/platform/src/context', 'through its door'],
    ['libs/contracts/src/a.ts', '@suite/platform', 'stand on nothing'],
    ['libs/platform/src/a.ts', '@suite/platform', 'through its door'],
    ['libs/platform/src/a.ts', '../../../apps/stock/src/a', 'another house'],
  ])('finds that %s imports %s', (path, from, why) => {
    expect(imports.wrongArrows([file(path, `import { x } from '${from}';`)])).toEqual([expect.stringContaining(why)]);
    expect(imports.wrongArrows([file(path, `const x = await import('${from}');`)])).toHaveLength(1);
  });

  it('go from apps to platform to contracts, never from app to app, and through the doors', () => {
    const fine = file('apps/stock/src/a.ts', `import '@suite/platform'; import '@suite/contracts'; import './b';`);
    expectKept(imports.wrongArrows([fine]));
    expectKept(imports.wrongArrows(code));
  });

  it('find a cycle, also through a door, but none where only types are taken', () => {
    const a = file('libs/platform/src/a.ts', `import { b } from './b';`);
    const b = file('libs/platform/src/b.ts', `import { a } from './index';`);
    const door = file('libs/platform/src/index.ts', `export * from './a';`);
    expect(imports.cycles([a, b, door])).toEqual([expect.stringMatching(/a\.ts → .*b\.ts → .*index\.ts → .*a\.ts/)]);
    expectKept(imports.cycles([a, file('libs/platform/src/b.ts', `import type { A } from './a';`)]));
    expectKept(imports.cycles([a, file('libs/platform/src/b.ts', `import { type A } from './a';`)]));
  });

  it('never go in circles', () => expectKept(imports.cycles(code)));

  it('keep stores out of the gateway and input and output out of the contracts', () => {
    const planted = file('apps/gateway/src/a.ts', `import { Model } from 'mongoose';`);
    expect(imports.forbiddenPackages([planted], /^apps\/gateway/, ['mongoose'])).toHaveLength(1);
    expectKept(imports.forbiddenPackages(code, /^apps\/gateway\//, ['mongoose', '@nestjs/mongoose', 'mongodb']));
    expectKept(
      imports.forbiddenPackages(code, /^libs\/contracts\//, ['mongoose', 'ioredis', 'bullmq', 'node:fs', 'node:net']),
    );
  });

  it('keep business out of the platform', () => {
    const planted = file('libs/platform/src/a.ts', `import { stock } from '@suite/contracts';`);
    expect(imports.wrongPartners([planted], /^libs\/platform\//, Object.keys(tables), [])).toHaveLength(1);
    expectKept(imports.wrongPartners(code, /^libs\/platform\//, Object.keys(tables), []));
  });

  it.each(Object.entries(partners))('let %s speak only to its partners', (app, allowed) => {
    const where = new RegExp(`^apps/${app}/`);
    expectKept(imports.wrongPartners(code, where, Object.keys(tables), [app, ...allowed]));
  });

  it('name a partner for every app', () => {
    const apps = new Set(code.map(({ path }) => path).filter((path) => path.startsWith('apps/')));
    expect([...apps].map((path) => path.split('/')[1]).filter((app) => !(app in partners))).toEqual([]);
  });

  it('are all there in production, where devDependencies are not', () => {
    const planted = file('apps/stock/src/a.ts', `import ts from 'typescript'; import { x } from '@nestjs/common/y';`);
    expect(imports.undeclaredPackages([planted], ['@nestjs/common'])).toEqual([expect.stringContaining('typescript')]);
    expectKept(imports.undeclaredPackages(code, Object.keys(manifest.dependencies)));
  });

  it('keep the stories from outside outside: they know nothing of the code, not even through their helpers', () => {
    const story = file('test/e2e/a.spec.ts', `import { tea } from '../support/tea';`);
    const helper = file('test/support/tea.ts', `import { stock } from '@suite/contracts';`);
    const outside = /^test\/(e2e|load|chaos)\//;
    const known = (sources: Source[]) =>
      imports.forbiddenPackages(imports.closureOf(sources, outside), /./, [
        '@suite/contracts',
        '@suite/platform',
        '../../apps',
        '../../libs',
      ]);
    expect(known([story, helper])).toEqual(['test/support/tea.ts imports @suite/contracts']);
    expectKept(known([helper]));
    expectKept(known(tests));
  });

  it('keep the oracle to itself: whoever judges must not share the mistakes of what is judged', () => {
    const oracle = /^scripts\/lib\/oracle\//;
    const itself = /^(node:|\.\/[\w-]+\.mjs$)/;
    for (const from of ['../suite.mjs', '../../../libs/contracts/src/order', 'mongoose']) {
      const planted = file('scripts/lib/oracle/a.mjs', `import { x } from '${from}';`);
      expect(imports.foreignImports([planted], oracle, itself)).toHaveLength(1);
    }
    expect(scripts.some(({ path }) => oracle.test(path))).toBe(true);
    expectKept(imports.foreignImports(scripts, oracle, itself));
  });
});

describe('files', () => {
  it('have at most 250 lines', () => {
    expect(files.tooLong([file('apps/a/src/a.ts', 'x;\n'.repeat(251))])).toHaveLength(1);
    expectKept(files.tooLong([file('apps/a/src/a.ts', '// x\n\n'.repeat(999))]));
    expectKept(files.tooLong([...code, ...tests, ...scripts]));
  });

  it('lie flat in their app, and in no folder that says nothing', () => {
    expect(files.wrongFolders([file('apps/auth/src/users/user.ts')])).toHaveLength(1);
    expect(files.wrongFolders([file('libs/platform/src/utils/text.ts')])).toHaveLength(1);
    expectKept(files.wrongFolders([...code, ...tests]));
  });

  it('are called index.ts only as the door of a lib', () => {
    expect(files.wrongDoors([file('apps/auth/src/index.ts')])).toHaveLength(1);
    expectKept(files.wrongDoors([...code, ...tests]));
  });

  it('are called <thing>.<role>.ts', () => {
    expect(files.wrongNames([file('apps/auth/src/user.manager.ts')])).toHaveLength(1);
    expect(files.wrongNames([file('apps/auth/src/UserService.ts')])).toHaveLength(1);
    expectKept(files.wrongNames(code));
  });

  it('declare the class that they are called after', () => {
    expect(files.wrongClassNames([file('apps/auth/src/rate-limit.guard.ts', 'class Guard {}')])).toHaveLength(1);
    expectKept(files.wrongClassNames([file('apps/auth/src/rate-limit.guard.ts', 'class RateLimitGuard {}')]));
    expectKept(files.wrongClassNames(code));
  });
});

describe('schemas', () => {
  it('say of an id that it is one', () => {
    const planted = file('apps/a/src/a.schema.ts', 'class A { _id: Types.ObjectId; @Prop() teaId: Types.ObjectId; }');
    expect(files.untypedIds([planted])).toEqual([expect.stringContaining('teaId')]);
    expectKept(files.untypedIds(code));
  });
});

describe('contracts', () => {
  const planted = {
    kettle: {
      boil: { kind: 'message' as const, name: 'kettle.boil' },
      boiled: { kind: 'fact' as const, name: 'kettle.boiled' },
    },
    cup: { fill: { kind: 'job' as const, name: 'fill' } },
  };
  const answers = (app: string) =>
    file(`apps/${app}/src/a.controller.ts`, 'class A { @Answers(kettle.boil) boil() {} }');

  it('are messages answered exactly once, by the service they are named after', () => {
    expect(contractRules.answeredOtherThanOnce([], planted)).toHaveLength(1);
    expect(contractRules.answeredOtherThanOnce([answers('kettle'), answers('kettle')], planted)).toHaveLength(1);
    expect(contractRules.answeredOtherThanOnce([answers('cup')], planted)).toHaveLength(1);
    expectKept(contractRules.answeredOtherThanOnce([answers('kettle')], planted));
    expectKept(contractRules.answeredOtherThanOnce(code, tables));
  });

  it('are facts that somebody hears', () => {
    expect(contractRules.heardByNobody([answers('kettle')], planted)).toHaveLength(1);
    expectKept(contractRules.heardByNobody(code, tables));
  });

  it('are jobs that one processor performs', () => {
    const performs = file('apps/cup/src/cup.processor.ts', '@Processor(cup.fill.queue) class CupProcessor {}');
    expect(contractRules.performedOtherThanOnce([], planted)).toHaveLength(1);
    expect(contractRules.performedOtherThanOnce([performs, performs], planted)).toHaveLength(1);
    expectKept(contractRules.performedOtherThanOnce([performs], planted));
    expectKept(contractRules.performedOtherThanOnce(code, tables));
  });

  it('are called what they are', () => {
    const misnamed = { kettle: { boil: { kind: 'message' as const, name: 'kettle.cook' } } };
    expect(contractRules.misnamed(misnamed)).toHaveLength(1);
    expectKept(contractRules.misnamed(tables));
  });

  it('have a rule for every field', () => {
    class Tea {
      @IsInt() cups: number;
      sugar: number;
    }
    const source = file('libs/contracts/src/tea.ts', 'class Tea { @IsInt() cups: number; sugar: number; }');
    expect(contractRules.unvalidatedFields([source], { Tea })).toEqual([expect.stringContaining('Tea.sugar')]);
    const declared = code.filter(({ path }) => /^libs\/contracts\/.*(contracts|reading)\.ts$/.test(path));
    expectKept(contractRules.unvalidatedFields(declared, contracts));
  });

  it('meet HTTP in bodies and queries that are called so and have a rule for every field', () => {
    const careless = file('apps/gateway/src/a.controller.ts', 'class A { post(@Body() tea: TeaDto) {} }');
    expect(files.wrongParameterNames([careless])).toHaveLength(1);
    expectKept(files.wrongParameterNames(code));
    expect(files.undecoratedFields([file('apps/gateway/src/a.ts', 'class TeaBody { sugar: number; }')])).toHaveLength(
      1,
    );
    expectKept(files.undecoratedFields(code));
  });
});

describe('settings', () => {
  const example = existsSync(join(root, '.env.example')) ? readFileSync(join(root, '.env.example'), 'utf8') : '';
  /** Read by scripts/, which start the processes and are no part of them. */
  const launcher = scripts.flatMap(({ text }) =>
    [...text.matchAll(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*\b/g)].map(([name]) => name),
  );

  it('are all in .env.example, and nothing else is', () => {
    const config = file('apps/a/src/tea.config.ts', 'class TeaConfig { TEA_CUPS: number = 2; }');
    expect(settings.settingsOf([config])).toEqual(['TEA_CUPS']);
    expect(settings.namesInEnvironmentFile('# How many\nTEA_CUPS=2\n# TEA_SUGAR=\n')).toEqual([
      'TEA_CUPS',
      'TEA_SUGAR',
    ]);
    expect(settings.settingsApart(['TEA_CUPS'], ['TEA_SUGAR'])).toHaveLength(2);
    expectKept(settings.settingsApart(settings.settingsOf(code), settings.namesInEnvironmentFile(example), launcher));
  });

  it('are read in one place, and output goes through the logger', () => {
    const planted = file('apps/a/src/a.service.ts', 'console.log(process.env.TEA_CUPS);');
    expect(files.misplaced([planted], /\bprocess\.env\b/, /\.config\.ts$/)).toHaveLength(1);
    expect(files.misplaced([planted], /\bconsole\.\w+/, /never/)).toHaveLength(1);
    expectKept(files.misplaced(code, /\bprocess\.env\b/, /\.config\.ts$|^libs\/platform\/src\/settings\.ts$/));
    expectKept(files.misplaced(code, /\bconsole\.\w+/, /^$/));
  });
});

describe('pages', () => {
  it('link to what is there', () => {
    const planted = file('docs/A.md', '# Tea time\n[a](B.md) [b](#tea-time) [c](#coffee) [d](https://x.y) `[e](F.md)`');
    expect(brokenLinks([planted], (path) => path === 'docs/A.md')).toEqual([
      expect.stringContaining('B.md'),
      expect.stringContaining('#coffee'),
    ]);
    expectKept(brokenLinks(pages, (path) => existsSync(join(root, path))));
  });

  it('name commands that there are', () => {
    const planted = file('docs/A.md', 'Run `npm run tea`, then `npm start`.');
    expect(unknownScripts([planted], ['start'])).toEqual([expect.stringContaining('npm run tea')]);
    expectKept(unknownScripts(pages, Object.keys(manifest.scripts)));
  });
});
