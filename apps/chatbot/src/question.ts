import { fillers, LAST_ORDER, OWN, SPOKEN_OF, topicWords, type Topic } from './question-words';

/** What somebody wants to know, as far as rules can tell. */
export interface Question {
  topic: Topic;
  /** The order that is named, by its number (as it was written) or its id. */
  order?: string;
  /** Which order is meant where none is named. */
  meant: 'last' | 'spoken-of' | 'own' | 'none';
  /** The words that may name a product, at most eight. */
  words: string[];
}

/**
 * As they are given out, with dashes; or run together or with spaces, but then only with a digit in front, as all of them
 * have for years (it is the first of a time), and with spaces with one more: “5000 tons coal” looks like it too.
 */
const NUMBER =
  /\b[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}\b|\b\d[0-9a-z]{11}\b|\b[\do][0-9a-z]{3}\s(?=[a-z\s]{0,8}\d)[0-9a-z]{4}\s[0-9a-z]{4}\b/i;
const ID = /\b[0-9a-f]{24}\b/i;
const MAX_WORDS = 8;

/** How a number is written in what was said; undefined where there is none. */
export const orderNumberIn = (text: string): string | undefined => NUMBER.exec(text)?.[0];

export function readQuestion(message: string): Question {
  const text = message.toLowerCase().replaceAll('’', "'");
  const order = ID.exec(text)?.[0] ?? orderNumberIn(message);
  const named = topicWords.find(([, pattern]) => pattern.test(text))?.[0];
  return {
    topic: named ?? (order ? 'status' : 'unknown'),
    ...(order !== undefined && { order }),
    meant: meantBy(text),
    words: wordsOf(text),
  };
}

function meantBy(text: string): Question['meant'] {
  if (LAST_ORDER.test(text)) return 'last';
  if (SPOKEN_OF.test(text)) return 'spoken-of';
  return OWN.test(text) ? 'own' : 'none';
}

const wordsOf = (text: string): string[] =>
  (text.match(/[\p{L}\p{N}][\p{L}\p{N}.'-]*/gu) ?? [])
    .map((word) => word.replace(/'s$|[.'-]+$/g, ''))
    .filter((word) => word !== '' && !fillers.has(word.replaceAll("'", '’')))
    .slice(0, MAX_WORDS);
