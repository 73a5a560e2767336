/** The most units of one stock that there can be. */
export const MAX_STOCK = 1_000_000_000;
/** The most units of one line of an order. */
export const MAX_QUANTITY = 1_000;
/** The most lines of one order. */
export const MAX_LINES = 100;
/** The most rows of one step of an import. */
export const MAX_ROWS = 500;
