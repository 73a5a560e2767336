/** Said to the person in its own words: an option that makes no sense. */
export class UsageError extends Error {}
