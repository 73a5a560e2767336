import ts from 'typescript';
import { classesOf, type Source, type Violations } from './source';

/** The names of all settings: the fields of the classes in `*.config.ts`. */
export function settingsOf(sources: Source[]): string[] {
  const names = sources
    .filter(({ path }) => path.endsWith('.config.ts'))
    .flatMap(classesOf)
    .flatMap(({ members }) => members.filter(ts.isPropertyDeclaration))
    .map(({ name }) => name.getText());
  return [...new Set(names)];
}

/** The names in an environment file, whether set or shown as a comment (`# SMTP_URL=`). */
export function namesInEnvironmentFile(text: string): string[] {
  return [...text.matchAll(/^\s*#?\s*([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name);
}

export function settingsApart(settings: string[], example: string[], known: string[] = []): Violations {
  return [
    ...settings.filter((name) => !example.includes(name)).map((name) => `${name} is not in .env.example`),
    ...example
      .filter((name) => !settings.includes(name) && !known.includes(name))
      .map((name) => `${name} in .env.example is read by nobody`),
    ...example
      .filter((name, index) => example.indexOf(name) !== index)
      .map((name) => `${name} is twice in .env.example`),
  ];
}
