import { posix } from 'node:path';
import type { Source, Violations } from './source';

/** Relative links of Markdown files that lead nowhere: a file that is not there, a heading that was renamed. */
export function brokenLinks(pages: Source[], exists: (path: string) => boolean): Violations {
  const headings = new Map(pages.map(({ path, text }) => [path, anchorsOf(text)]));
  return pages.flatMap(({ path, text }) =>
    linksOf(text).flatMap((link) => {
      const [file, anchor] = link.split('#');
      const target = file ? posix.join(posix.dirname(path), decodeURIComponent(file)) : path;
      if (!exists(target)) return [`${path} links to ${link}: there is no ${target}`];
      const anchors = headings.get(target);
      return anchor && anchors && !anchors.includes(anchor) ? [`${path} links to ${link}: no such heading`] : [];
    }),
  );
}

function linksOf(text: string): string[] {
  const prose = withoutCode(text);
  const targets = [...prose.matchAll(/\]\(<?([^)\s>]+)/g), ...prose.matchAll(/(?:src|href)="([^"]+)"/g)];
  return targets.map(([, target]) => target).filter((target) => !/^[a-z][a-z+.-]*:/i.test(target));
}

/** As GitHub makes them: lower case, no punctuation, dashes for spaces. */
const anchorsOf = (text: string): string[] =>
  [...withoutFences(text).matchAll(/^#{1,6}\s+(.+)$/gm)].map(([, heading]) =>
    heading
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );

const withoutFences = (text: string): string => text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '');
const withoutCode = (text: string): string => withoutFences(text).replace(/`[^`\n]*`/g, '');

/** `npm run x` where there is no x. */
export function unknownScripts(pages: Source[], scripts: string[]): Violations {
  return pages.flatMap(({ path, text }) =>
    [...text.matchAll(/\bnpm (?:run (?:-s )?([\w:-]+)|(start|stop|test)\b)/g)]
      .map(([, run, short]) => run ?? short)
      .filter((script) => !scripts.includes(script))
      .map((script) => `${path} says npm run ${script}`),
  );
}
