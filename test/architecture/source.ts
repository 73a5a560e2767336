import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import ts from 'typescript';

/** A file of the project: its path from the root, with forward slashes, and its text. */
export interface Source {
  path: string;
  text: string;
}

/** What a rule answers with: one line for each violation, beginning with the path. None: the rule holds. */
export type Violations = string[];

const SKIPPED = new Set(['node_modules', 'dist', 'coverage', 'logs']);

/** All files below `folders` whose names end in one of `endings`; folders that are not there have no files. */
export function readSources(root: string, folders: string[], endings: string[]): Source[] {
  return folders
    .flatMap((folder) => filesBelow(join(root, folder)))
    .filter((file) => endings.some((ending) => file.endsWith(ending)))
    .map((file) => ({ path: relative(root, file).split(sep).join('/'), text: readFileSync(file, 'utf8') }));
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      if (entry.name.startsWith('.') || SKIPPED.has(entry.name)) return [];
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

const parsed = new WeakMap<Source, ts.SourceFile>();

/** The syntax tree, made once a file. */
export function treeOf(source: Source): ts.SourceFile {
  const known = parsed.get(source);
  if (known) return known;
  const tree = ts.createSourceFile(source.path, source.text, ts.ScriptTarget.ES2023, true);
  parsed.set(source, tree);
  return tree;
}

/** Every node of the tree, parents before children. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* nodesOf(child);
}

export const classesOf = (source: Source): ts.ClassDeclaration[] =>
  treeOf(source).statements.filter(ts.isClassDeclaration);

/** `@name(argument)` anywhere in the file: the text of each first argument. */
export function decoratorArguments(source: Source, name: string): string[] {
  if (!source.text.includes(`@${name}(`)) return [];
  return [...nodesOf(treeOf(source))].flatMap((node) =>
    ts.isDecorator(node) && ts.isCallExpression(node.expression) && node.expression.expression.getText() === name
      ? [node.expression.arguments[0]?.getText() ?? '']
      : [],
  );
}

export const isSpec = ({ path }: Source): boolean => path.endsWith('.spec.ts');
