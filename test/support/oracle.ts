/** The oracle of scripts/lib/oracle as the tests see it. It is plain JavaScript, and imports nothing of ours. */

export interface Violation {
  invariant: string;
  what: string;
  count: number;
  examples: string[];
}

export interface Report {
  sound: boolean;
  violations: Violation[];
  figures: Record<'stocks' | 'movements' | 'reservations' | 'orders' | 'deadLetters' | 'waiting', number>;
  /** How many, by status. */
  orders: Record<string, number>;
  units: Record<
    'received' | 'available' | 'reserved' | 'sold' | 'soldByOrders' | 'reservedByOrders' | 'moving',
    number
  >;
}

export interface Answered {
  orderId: string;
  userId: string;
  key?: string;
}

/** What is known from outside of the database. */
export interface Known {
  quiet?: boolean;
  now?: Date;
  answered?: Answered[];
  books?: { since?: Date } & Record<'captures' | 'refunds', { id: string; orderId: string; amount: number }[]>;
  inbox?: { messageId: string; subject: string }[];
  sightings?: { orderId: string; seq: number }[];
  logs?: { files: string[]; secrets?: string[] };
}

/** Collections as lists of plain objects, in the order that the oracle wants. */
export type Picture = Record<
  'stocks' | 'movements' | 'reservations' | 'orders' | 'deadLetters' | 'payments' | 'keys',
  unknown
>;

const oracle = <Door extends object>(file: string): Door =>
  jest.requireActual<Door>(`../../scripts/lib/oracle/${file}.mjs`);

type Recount = (picture: Picture, known?: Known) => Promise<Report>;
type WithPicture = <T>(uri: string, work: (picture: Picture) => Promise<T>) => Promise<T>;
type SentenceOf = (violation: Violation) => string;

export const { recount } = oracle<{ recount: Recount }>('recount');
export const { withPicture } = oracle<{ withPicture: WithPicture }>('database');
export const { booksOf } = oracle<{ booksOf: (sandboxUrl: string) => Promise<NonNullable<Known['books']>> }>('books');
export const { sentenceOf } = oracle<{ sentenceOf: SentenceOf }>('findings');

/** What is wrong, a sentence each. */
export const wrongsOf = ({ violations }: Report): string[] => violations.map(sentenceOf);
