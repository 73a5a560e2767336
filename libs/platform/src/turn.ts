import { randomUUID } from 'node:crypto';

export interface Turn {
  id: string;
  at: Date;
}

let turn: Turn | undefined;

/**
 * One moment, and one id, for all that is decided in this turn of the event loop: writes that say the same of many
 * documents then are the same to the letter, and can be made as one.
 */
export function thisTurn(): Turn {
  if (!turn) {
    turn = { id: randomUUID(), at: new Date() };
    setImmediate(() => (turn = undefined));
  }
  return turn;
}
