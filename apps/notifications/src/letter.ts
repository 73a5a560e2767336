/** What all mails need to know of the shop. */
export interface Shop {
  name: string;
  /** Without a slash at its end. */
  url: string;
}

/** A line of what a mail is about: `2 × Sencha`, and its price where that is of interest. */
export interface Row {
  what: string;
  price?: string;
}

/**
 * What a mail says, from top to bottom; the templates give it its looks, as text and as HTML. All of it is plain text,
 * and what is left out is not shown.
 */
export interface Letter {
  subject: string;
  greeting?: string;
  lead: string;
  rows?: Row[];
  sum?: string;
  /** Those that have nothing to say are left out. */
  paragraphs?: (string | undefined)[];
  link?: { url: string; words: string };
  /** A one-time token, for those who would rather type it in. */
  code?: string;
  closing?: (string | undefined)[];
}

/** From the data of its kind to what a mail says. */
export type Writer<Data> = (data: Data, shop: Shop) => Letter;

const MAX_NAME = 100;

/** @param name as its customer wrote it, or empty */
export const greet = (name: string): string => (name ? `Hello ${name.slice(0, MAX_NAME)},` : 'Hello,');
