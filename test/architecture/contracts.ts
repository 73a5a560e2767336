import { getMetadataStorage } from 'class-validator';
import ts from 'typescript';
import { houseOf } from './imports';
import { classesOf, decoratorArguments, isSpec, type Source, type Violations } from './source';

/** What these rules need to know of a contract; the real ones come from the contracts library. */
export interface Declared {
  kind: 'message' | 'fact' | 'job';
  name: string;
}
export type Tables = Record<string, Record<string, Declared>>;

/** The tables of contracts among the exports of the library: `stock` with `stock.quote`, and so on. */
export function tablesOf(exports: Record<string, unknown>): Tables {
  const isDeclared = (value: unknown): value is Declared =>
    typeof value === 'object' && value !== null && 'kind' in value && 'name' in value && 'body' in value;
  return Object.fromEntries(
    Object.entries(exports).filter(
      (entry): entry is [string, Record<string, Declared>] =>
        typeof entry[1] === 'object' && entry[1] !== null && Object.values(entry[1]).some(isDeclared),
    ),
  );
}

interface Use {
  path: string;
  /** As written in the decorator: `stock.quote`. */
  written: string;
}

const usesOf = (sources: Source[], decorators: string[]): Use[] =>
  sources
    .filter((source) => source.path.startsWith('apps/') && !isSpec(source))
    .flatMap((source) =>
      decorators.flatMap((name) => decoratorArguments(source, name).map((written) => ({ path: source.path, written }))),
    );

const declaredAs = (tables: Tables, kind: Declared['kind']): string[] =>
  Object.entries(tables).flatMap(([table, contracts]) =>
    Object.entries(contracts)
      .filter(([, contract]) => contract.kind === kind)
      .map(([key]) => `${table}.${key}`),
  );

/** A message nobody answers times out, one that two answer is answered by whoever is quicker. */
export function answeredOtherThanOnce(sources: Source[], tables: Tables): Violations {
  const uses = usesOf(sources, ['Answers']);
  return declaredAs(tables, 'message').flatMap((written) => {
    const places = uses.filter((use) => use.written === written).map(({ path }) => path);
    if (places.length !== 1) return [`${written} is answered ${places.length} times ${places.join(', ')}`.trim()];
    const owner = `apps/${written.split('.')[0]}`;
    return houseOf(places[0]) === owner ? [] : [`${written} is answered by ${houseOf(places[0])}`];
  });
}

export function heardByNobody(sources: Source[], tables: Tables): Violations {
  const heard = usesOf(sources, ['Hears']).map(({ written }) => written);
  return declaredAs(tables, 'fact')
    .filter((written) => !heard.includes(written))
    .map((written) => `${written} is heard by nobody`);
}

/** A job belongs to one processor: `@Processor(orders.process.queue)`, `@Performs(orders.process)`. */
export function performedOtherThanOnce(sources: Source[], tables: Tables): Violations {
  const uses = usesOf(sources, ['Processor', 'Performs']);
  return declaredAs(tables, 'job').flatMap((written) => {
    const places = uses.filter((use) => new RegExp(`\\b${written.replace('.', '\\.')}\\b`).test(use.written));
    return places.length === 1 ? [] : [`${written} is performed ${places.length} times`];
  });
}

/** Names are `<table>.<verb>`, so that a name found in a log leads to its declaration. */
export function misnamed(tables: Tables): Violations {
  return Object.entries(tables).flatMap(([table, contracts]) =>
    Object.entries(contracts)
      .filter(([key, { kind, name }]) => kind !== 'job' && name !== `${table}.${key}`)
      .map(([key, { name }]) => `${table}.${key} is called ${name}`),
  );
}

/** Fields declared in the source of a class for which class-validator knows no rule: they would silently disappear. */
export function unvalidatedFields(sources: Source[], exports: Record<string, unknown>): Violations {
  return sources.flatMap((source) =>
    classesOf(source).flatMap((declaration) => {
      const type = exports[declaration.name?.text ?? ''];
      if (typeof type !== 'function') return [];
      const ruled = getMetadataStorage()
        .getTargetValidationMetadatas(type, '', false, false)
        .map(({ propertyName }) => propertyName);
      return declaration.members
        .filter((member) => ts.isPropertyDeclaration(member) && !isSettled(member))
        .map((member) => member.name!.getText())
        .filter((field) => !ruled.includes(field))
        .map((field) => `${source.path}: ${declaration.name!.text}.${field} has no rule`);
    }),
  );
}

/** A field that the class itself sets for good is no input. */
const isSettled = (member: ts.ClassElement): boolean =>
  ts.canHaveModifiers(member) &&
  (ts.getModifiers(member) ?? []).some(
    ({ kind }) => kind === ts.SyntaxKind.ReadonlyKeyword || kind === ts.SyntaxKind.StaticKeyword,
  );
