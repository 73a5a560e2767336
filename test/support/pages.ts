import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The code blocks of one language in a Markdown file of the project, in order. */
export function codeBlocks(path: string, language: string): string[] {
  const text = readFileSync(join(__dirname, '..', '..', path), 'utf8');
  const blocks = text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'));
  return [...blocks].map(([, code]) => code);
}
