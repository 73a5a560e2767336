/** One of the documents of a bulk write that could not be written, because its key is there already. */
export interface DuplicateKey {
  /** Its place in the bulk. */
  index: number;
  /** Names the index. */
  errmsg?: string;
}

const DUPLICATE_KEY = 11_000;

/** A unique index refused a write. `index`: only the one of this name. */
export const isDuplicateKey = (error: unknown, index?: string): boolean =>
  error instanceof Error &&
  (error as { code?: unknown }).code === DUPLICATE_KEY &&
  (index === undefined || error.message.includes(` index: ${index} `));

/**
 * What a failed bulk write says of duplicate keys, when they are all that is wrong: the rest is written, as durably as
 * was asked for.
 *
 * The driver throws the same class with an empty list of write errors when the connection broke before any answer
 * came; to take that for "no document failed" is to acknowledge what was never written.
 *
 * @throws the error itself when anything else is wrong
 */
export function duplicateKeysOf(error: unknown): DuplicateKey[] {
  const { writeErrors, result } = error as {
    writeErrors?: (DuplicateKey & { code: number })[] | (DuplicateKey & { code: number });
    result?: { getWriteConcernError?(): unknown };
  };
  const failed = [writeErrors ?? []].flat();
  const onlyDuplicates = failed.length > 0 && failed.every(({ code }) => code === DUPLICATE_KEY);
  if (!onlyDuplicates || result?.getWriteConcernError?.()) throw error;
  return failed;
}
