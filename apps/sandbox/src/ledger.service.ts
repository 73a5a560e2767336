import { Injectable } from '@nestjs/common';
import { SwitchesService } from './switches.service';

export interface Booking {
  /** The provider's id. */
  id: string;
  /** Minor units. */
  amount: number;
  currency: string;
  at: Date;
}

/** What moved for one order, at whichever provider. */
export interface Account {
  orderId: string;
  provider: 'stripe' | 'paypal';
  captures: Booking[];
  refunds: Booking[];
}

/**
 * Where the money really is: every capture and every refund, booked at the moment it happens and told by nobody else. An
 * oracle compares it with what the suite believes.
 */
@Injectable()
export class LedgerService {
  /** It is kept in memory: a sandbox that was started again begins anew. */
  readonly since = new Date();
  private readonly accounts = new Map<string, Account>();

  constructor(private readonly switches: SwitchesService) {}

  capture(orderId: string, provider: Account['provider'], booking: Omit<Booking, 'at'>): void {
    const { captures } = this.open(orderId, provider);
    captures.push({ ...booking, at: new Date() });
    if (this.switches.get().payDoubleCapture) captures.push({ ...booking, id: `${booking.id}_again`, at: new Date() });
  }

  refund(orderId: string, provider: Account['provider'], booking: Omit<Booking, 'at'>): void {
    this.open(orderId, provider).refunds.push({ ...booking, at: new Date() });
  }

  list(orderId?: string): Account[] {
    return [...this.accounts.values()].filter((account) => orderId === undefined || account.orderId === orderId);
  }

  private open(orderId: string, provider: Account['provider']): Account {
    const account = this.accounts.get(orderId) ?? { orderId, provider, captures: [], refunds: [] };
    this.accounts.set(orderId, account);
    return account;
  }
}
