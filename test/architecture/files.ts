import ts from 'typescript';
import { classesOf, isSpec, nodesOf, treeOf, type Source, type Violations } from './source';

const MAX_LINES = 250;
const FORBIDDEN_FOLDERS = ['dto', 'dtos', 'entities', 'interfaces', 'common', 'utils', 'helpers'];

/** Roles that are a class of that name, and roles that are not. */
const CLASS_ROLES = [
  'module',
  'controller',
  'service',
  'processor',
  'strategy',
  'guard',
  'gateway',
  'config',
  'filter',
];
const OTHER_ROLES = ['schema', 'provider', 'contracts', 'main', 'spec'];
/** What a pure file tells of its thing. */
const ASPECTS = ['states', 'view', 'number', 'store', 'flow'];

/** Blank lines and comments do not count, as for the linter; this covers the scripts as well. */
export function tooLong(sources: Source[]): Violations {
  return sources.flatMap(({ path, text }) => {
    const lines = text.replace(/\/\*[\s\S]*?\*\//g, '').split('\n');
    const count = lines.filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length;
    return count > MAX_LINES ? [`${path} has ${count} lines`] : [];
  });
}

export function wrongFolders(sources: Source[]): Violations {
  return sources.flatMap(({ path }) => {
    const folders = path.split('/').slice(0, -1);
    const forbidden = folders.find((folder) => FORBIDDEN_FOLDERS.includes(folder));
    if (forbidden) return [`${path} lies in a folder ${forbidden}`];
    const [first, , , ...deeper] = folders;
    return first === 'apps' && deeper.length > 0 ? [`${path} is not flat`] : [];
  });
}

/** `index.ts` is the door of a lib and nothing else. */
export function wrongDoors(sources: Source[]): Violations {
  return sources
    .filter(({ path }) => path.endsWith('/index.ts') && !/^libs\/[^/]+\/src\/index\.ts$/.test(path))
    .map(({ path }) => `${path} is a door without a lib`);
}

/** `<thing>.<role>.ts`, with a role from the list; a file without a role is a plain noun. */
export function wrongNames(sources: Source[]): Violations {
  return sources.flatMap(({ path }) => {
    const [thing, ...roles] = baseName(path).split('.');
    const wrong = [thing]
      .filter((word) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(word))
      .concat(roles.filter((role) => ![...CLASS_ROLES, ...OTHER_ROLES, ...ASPECTS].includes(role)));
    return wrong.length > 0 ? [`${path}: ${wrong.join(', ')}`] : [];
  });
}

/** Class = file name: `rate-limit.guard.ts` declares `RateLimitGuard`. */
export function wrongClassNames(sources: Source[]): Violations {
  return sources
    .filter((source) => !isSpec(source))
    .flatMap((source) => {
      const [thing, role] = baseName(source.path).split('.');
      if (!CLASS_ROLES.includes(role)) return [];
      const expected = [...thing.split('-'), role].map((word) => word[0].toUpperCase() + word.slice(1)).join('');
      const classes = [...nodesOf(treeOf(source))].filter(ts.isClassDeclaration);
      const names = classes.map(({ name }) => name?.text.toLowerCase());
      return names.includes(expected.toLowerCase()) ? [] : [`${source.path} does not declare ${expected}`];
    });
}

const baseName = (path: string): string => path.split('/').at(-1)!.replace(/\.ts$/, '');

/** What a controller takes from `@Body()` ends in Body, what it takes from `@Query()` ends in Query. */
export function wrongParameterNames(sources: Source[]): Violations {
  return sources
    .filter(({ path }) => path.endsWith('.controller.ts'))
    .flatMap((source) =>
      [...nodesOf(treeOf(source))].filter(ts.isParameter).flatMap((parameter) => {
        const type = parameter.type?.getText() ?? 'nothing';
        return ['Body', 'Query']
          .filter((suffix) => isDecorated(parameter, suffix) && !type.endsWith(suffix))
          .map((suffix) => `${source.path}: ${type} is a @${suffix}()`);
      }),
    );
}

const isDecorated = (parameter: ts.ParameterDeclaration, name: string): boolean =>
  (ts.getDecorators(parameter) ?? []).some(
    ({ expression }) => ts.isCallExpression(expression) && expression.expression.getText() === name,
  );

/** A property of a request without a validator silently disappears: each field of a Body or Query has a decorator. */
export function undecoratedFields(sources: Source[]): Violations {
  return sources.flatMap((source) =>
    classesOf(source)
      .filter(({ name }) => /(Body|Query)$/.test(name?.text ?? ''))
      .flatMap((type) =>
        type.members
          .filter((member) => ts.isPropertyDeclaration(member) && !ts.getDecorators(member)?.length)
          .map((member) => `${source.path}: ${type.name!.text}.${member.name!.getText()} has no rule`),
      ),
  );
}

/** mongoose cannot guess the type of an id: without one it is Mixed, is not cast, and queries with it find nothing. */
export function untypedIds(sources: Source[]): Violations {
  return sources.flatMap((source) =>
    [...nodesOf(treeOf(source))]
      .filter(ts.isPropertyDeclaration)
      .filter(({ type }) => type?.getText() === 'Types.ObjectId')
      .filter((member) => (ts.getDecorators(member) ?? []).some(({ expression }) => expression.getText() === 'Prop()'))
      .map((member) => `${source.path}: ${member.name.getText()} needs { type: SchemaTypes.ObjectId }`),
  );
}

/** Expressions that have one home: `console.log` none (there is a logger), `process.env` the settings. */
export function misplaced(sources: Source[], expression: RegExp, home: RegExp): Violations {
  return sources
    .filter((source) => !isSpec(source) && !home.test(source.path) && expression.test(source.text))
    .flatMap((source) =>
      [...nodesOf(treeOf(source))]
        .filter((node) => ts.isPropertyAccessExpression(node) && expression.test(node.getText()))
        .slice(0, 1)
        .map((node) => `${source.path}: ${node.getText()}`),
    );
}
