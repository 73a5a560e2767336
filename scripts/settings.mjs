/**
 * `npm run settings`: writes `.env.example` and the tables of docs/SETUP_GUIDE.md from the config classes, whose
 * docstrings are the documentation. `--check` only compares.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import prettier from 'prettier';
import { Failure, report } from './lib/failure.mjs';
import { root } from './lib/settings.mjs';
import { readSections } from './lib/settings-sections.mjs';

const GUIDE = 'docs/SETUP_GUIDE.md';
const MARKS = /(?<=<!-- settings: written by npm run settings -->\n)[^]*(?=<!-- end of settings -->)/;
const WIDTH = 116;

/** @typedef {import('./lib/settings-sections.mjs').Section} Section */

/** @param {Section[]} sections Nothing is set, so that a copy of it changes nothing. */
function environmentFile(sections) {
  const head = [
    '# Copy to .env and set what you need: every line shows a default. Nothing has to be set to try the suite; what is in',
    '# the environment already wins over this file. Written by `npm run settings`.',
  ];
  const known = new Set();
  const parts = sections.map(({ title, settings }) => {
    const lines = settings
      .filter(({ name }) => !known.has(name) && known.add(name))
      .map(({ name, fallback, meaning }) => [...wrap(meaning), `# ${name}=${fallback ?? ''}`].join('\n'));
    return `# ---- ${title} ----\n\n${lines.join('\n\n')}\n`;
  });
  return `${head.join('\n')}\n\n${parts.join('\n')}`;
}

/** @param {Section[]} sections */
function tables(sections) {
  const cell = (/** @type {string} */ text) => text.replaceAll('|', '\\|');
  const row = (/** @type {Section['settings'][number]} */ { name, fallback, meaning }) =>
    `| \`${name}\` | ${fallback === undefined ? '(see there)' : fallback && `\`${cell(fallback)}\``} | ${cell(meaning)} |`;
  return sections
    .map(({ title, settings }) =>
      [`### ${title}`, '', '| Setting | Default | Meaning |', '| --- | --- | --- |', ...settings.map(row), ''].join(
        '\n',
      ),
    )
    .join('\n');
}

/** @param {string} text @returns {string[]} comment lines */
function wrap(text) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line.length + word.length >= WIDTH) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines.map((line) => `#   ${line}`);
}

try {
  const sections = readSections();
  const guide = readFileSync(join(root, GUIDE), 'utf8');
  if (!MARKS.test(guide)) throw new Failure(`${GUIDE} has no place for the settings.`);
  const style = { ...(await prettier.resolveConfig(join(root, GUIDE))), filepath: GUIDE };
  const wanted = {
    '.env.example': environmentFile(sections),
    [GUIDE]: await prettier.format(
      guide.replace(MARKS, () => `\n${tables(sections)}\n`),
      style,
    ),
  };
  for (const [file, text] of Object.entries(wanted)) {
    if (readFileSync(join(root, file), 'utf8') === text) continue;
    if (process.argv.includes('--check'))
      throw new Failure(`${file} is not what the config classes say.`, 'npm run settings');
    writeFileSync(join(root, file), text);
    console.log(`✔ ${file}`);
  }
} catch (error) {
  report(error);
  process.exitCode = 1;
}
