import type { RefundState } from '@suite/contracts';
import type { Types } from 'mongoose';

/** What an order gathers after it was accepted. Each list is absent until it has something. */

export interface UnitsRecord {
  stockId: Types.ObjectId;
  quantity: number;
}

export interface ShipmentRecord {
  /** Of the entry in the history that tells of it. */
  seq: number;
  carrier?: string;
  trackingNumber?: string;
  items: UnitsRecord[];
  at: Date;
}

/**
 * Written before any money moves, so that a process which dies in between leaves behind what has to be paid out, and not
 * what may have been.
 */
export interface RefundRecord {
  /** By this a payment provider recognises that it was asked before. */
  id: string;
  state: RefundState;
  /** Minor units. */
  amount: number;
  /** What it is for; empty when an amount was given. */
  lines: UnitsRecord[];
  /** What goes back on sale once it is done. */
  restock: UnitsRecord[];
  by: string;
  reason?: string;
  at: Date;
  /** Of the entry in the history that tells of it, once it is done. */
  seq?: number;
  /** Why it failed. */
  error?: string;
}

/** For admins only: it never leaves with what customers see, nor with facts. */
export interface NoteRecord {
  id: string;
  text: string;
  by: string;
  at: Date;
}

/** What was done once must not be done again under the same idempotency key. */
export interface KeyRecord {
  /** Made of the key and of whose it is. */
  id: string;
  fingerprint: string;
  /** The `moveId` of an entry in the history, or the id of a refund or a note. */
  made: string;
}
