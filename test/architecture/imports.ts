import { posix } from 'node:path';
import ts from 'typescript';
import { isSpec, nodesOf, treeOf, type Source, type Violations } from './source';

export interface Import {
  /** As written: `./order.states`, `@suite/contracts`, `node:fs`. */
  from: string;
  names: string[];
  /** Gone after compilation. */
  typeOnly: boolean;
}

export function importsOf(source: Source): Import[] {
  return [...nodesOf(treeOf(source))].flatMap((node): Import[] => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const clause = node.importClause;
      const bindings = clause?.namedBindings;
      const named = bindings && ts.isNamedImports(bindings) ? [...bindings.elements] : [];
      return [
        {
          from: node.moduleSpecifier.text,
          names: named.map(({ name, propertyName }) => (propertyName ?? name).text),
          typeOnly:
            clause?.phaseModifier === ts.SyntaxKind.TypeKeyword ||
            (named.length > 0 && !clause?.name && named.every(({ isTypeOnly }) => isTypeOnly)),
        },
      ];
    }
    if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      return [{ from: node.moduleSpecifier.text, names: [], typeOnly: node.isTypeOnly }];
    }
    if (ts.isCallExpression(node) && isLoading(node.expression) && ts.isStringLiteral(node.arguments[0] ?? node)) {
      return [{ from: (node.arguments[0] as ts.StringLiteral).text, names: [], typeOnly: false }];
    }
    return [];
  });
}

const isLoading = (callee: ts.Expression): boolean =>
  callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require');

/** The house a file lives in: `apps/stock`, `libs/contracts`, `test`. */
export function houseOf(path: string): string {
  const [first, second] = path.split('/');
  return first === 'apps' || first === 'libs' ? `${first}/${second}` : first;
}

const libOf = (from: string): string | undefined => /^@suite\/([^/]+)/.exec(from)?.[1];

/** `apps → platform → contracts`, never app → app, and a lib only through its door. */
export function wrongArrows(sources: Source[]): Violations {
  return sources.flatMap((source) => {
    const house = houseOf(source.path);
    return importsOf(source).flatMap(({ from }) => {
      const why = whyNot(house, source.path, from);
      return why ? [`${source.path} imports ${from}: ${why}`] : [];
    });
  });
}

function whyNot(house: string, path: string, from: string): string | undefined {
  if (from.startsWith('.')) {
    const target = houseOf(posix.join(posix.dirname(path), from));
    if (target === house) return undefined;
    if (target === 'test' && path.endsWith('.spec.ts')) return undefined;
    return target.startsWith('libs/') ? 'a lib is entered through its door' : 'it is another house';
  }
  const lib = libOf(from);
  if (!lib) return undefined;
  if (from !== `@suite/${lib}`) return 'a lib is entered through its door';
  if (house === `libs/${lib}`) return 'a lib does not enter itself through its door';
  if (house === 'libs/contracts') return 'contracts stand on nothing';
  return undefined;
}

/** Imports that wait for each other: what is read first is undefined, depending on who began. */
export function cycles(sources: Source[]): Violations {
  const paths = new Set(sources.map(({ path }) => path));
  const arrows = new Map(
    sources.map((source) => [
      source.path,
      importsOf(source)
        .filter(({ typeOnly }) => !typeOnly)
        .flatMap(({ from }) => resolve(source.path, from, paths) ?? []),
    ]),
  );
  const done = new Set<string>();
  const found: Violations = [];
  const visit = (path: string, trail: string[]): void => {
    if (trail.includes(path)) return void found.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
    if (done.has(path)) return;
    for (const next of arrows.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of paths) visit(path, []);
  return found;
}

function resolve(path: string, from: string, paths: Set<string>): string | undefined {
  const lib = libOf(from);
  const base = lib ? `libs/${lib}/src/index` : from.startsWith('.') && posix.join(posix.dirname(path), from);
  if (!base) return undefined;
  return [`${base}.ts`, `${base}/index.ts`, base].find((candidate) => paths.has(candidate));
}

/** The files of `where` and all that they import by relative paths, through however many files. */
export function closureOf(sources: Source[], where: RegExp): Source[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const paths = new Set(byPath.keys());
  const reached = new Set([...paths].filter((path) => where.test(path)));
  // A Set takes in what is added while it is walked through.
  for (const path of reached) {
    for (const { from } of importsOf(byPath.get(path)!)) {
      const target = resolve(path, from, paths);
      if (target) reached.add(target);
    }
  }
  return [...reached].map((path) => byPath.get(path)!);
}

/** Files of `where` must not import any of `packages` (a name stands for its subpaths as well). */
export function forbiddenPackages(sources: Source[], where: RegExp, packages: string[]): Violations {
  return sources
    .filter(({ path }) => where.test(path))
    .flatMap((source) =>
      importsOf(source)
        .filter(({ from }) => packages.some((name) => from === name || from.startsWith(`${name}/`)))
        .map(({ from }) => `${source.path} imports ${from}`),
    );
}

/** Files of `where` may import from nowhere but `allowed`. */
export function foreignImports(sources: Source[], where: RegExp, allowed: RegExp): Violations {
  return sources
    .filter(({ path }) => where.test(path))
    .flatMap((source) =>
      importsOf(source)
        .filter(({ from }) => !allowed.test(from))
        .map(({ from }) => `${source.path} imports ${from}`),
    );
}

/** Files of `where` may import, of the contract tables `tables`, only those in `allowed`: who may speak to whom. */
export function wrongPartners(sources: Source[], where: RegExp, tables: string[], allowed: string[]): Violations {
  return sources
    .filter((source) => where.test(source.path) && !isSpec(source))
    .flatMap((source) =>
      importsOf(source)
        .filter(({ from }) => from === '@suite/contracts')
        .flatMap(({ names }) => names.filter((name) => tables.includes(name) && !allowed.includes(name)))
        .map((name) => `${source.path} speaks of ${name}`),
    );
}

/** What runs in production has to be there after `npm ci --omit=dev`. */
export function undeclaredPackages(sources: Source[], dependencies: string[]): Violations {
  return sources
    .filter((source) => !isSpec(source))
    .flatMap((source) =>
      importsOf(source)
        .filter(({ from, typeOnly }) => !typeOnly && !from.startsWith('.') && !from.startsWith('node:') && !libOf(from))
        .map(({ from }) => from.split('/', from.startsWith('@') ? 2 : 1).join('/'))
        .filter((name) => !dependencies.includes(name))
        .map((name) => `${source.path} imports ${name}, which is not among the dependencies`),
    );
}
