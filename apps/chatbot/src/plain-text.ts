/**
 * A reply is plain text. Links and markup have no place in it: they are how a model that was talked into it would send
 * what it knows to somebody else, through the browser of whoever reads (an image whose address carries the words).
 */
const SUSPICIOUS = /:\/\/|\bwww\.|\]\(|<[a-z/!]|&#|\b(?:data|javascript|mailto):/i;
/** Control characters, and those that are not seen but turn text around or hide it. */
const UNSEEN = /[\p{Cc}\u200b\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/gu;
const LEFT_OUT = '[link left out]';
/** The longest reply, in characters. */
const MAX_REPLY = 4_000;
/** A word without an end is let go at some point. */
const MAX_WORD = 500;

const cleanWord = (word: string): string => (SUSPICIOUS.test(word) ? LEFT_OUT : word.replace(UNSEEN, ''));

/** Whole words as they become whole, out of text that comes in pieces of any size. */
export class PlainWords {
  private rest = '';

  /** @returns what can be shown by now, which may be nothing. */
  take(piece: string): string {
    this.rest += piece;
    const end = this.rest.length > MAX_WORD ? this.rest.length : this.rest.search(/\S*$/u);
    const whole = this.rest.slice(0, end);
    this.rest = this.rest.slice(end);
    return clean(whole);
  }

  /** @returns the last word. */
  end(): string {
    const last = clean(this.rest);
    this.rest = '';
    return last;
  }
}

/** A whole text, at most `max` characters long. */
export function plainText(text: string, max = MAX_REPLY): string {
  const plain = clean(text).trim();
  return plain.length <= max ? plain : `${plain.slice(0, max - 1).trimEnd()}…`;
}

const clean = (text: string): string =>
  text
    .split(/(\s+)/u)
    .map((part) => (/^\s*$/u.test(part) ? part : cleanWord(part)))
    .join('');
