/** Longer needles are found by their first letters. */
const MAX_NEEDLE = 24;

/** For comparison only, letter by letter: people do not type accents and capitals as they were registered. */
const plainLetters = (text: string): string[] =>
  [...text.normalize('NFKD').replace(/\p{M}/gu, '')].map((letter) => letter.toLowerCase());

/**
 * Every ending of every text, cut short: a needle that stands anywhere in a text stands at the beginning of one of its
 * endings, where an index finds it. (A suffix array, after Manber and Myers, 1990, kept as a multikey index.)
 */
export function searchTerms(...texts: string[]): string[] {
  const endings = texts.flatMap((text) => {
    const letters = plainLetters(text);
    return letters.map((_, start) => letters.slice(start, start + MAX_NEEDLE).join(''));
  });
  return [...new Set(endings)];
}

/**
 * Matches the terms of the texts that contain the needle. Anchored and without options, so that the index serves it; a
 * NUL, which MongoDB takes in texts but not in patterns, is written in another way.
 */
export function termPattern(needle: string): RegExp {
  const letters = plainLetters(needle).slice(0, MAX_NEEDLE).join('');
  return new RegExp(`^${letters.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('\0', '\\x00')}`);
}
