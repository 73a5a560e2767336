import { Controller, Get, Query } from '@nestjs/common';
import { IsOptional, IsString } from 'class-validator';
import { LedgerService, type Booking } from './ledger.service';

export class LedgerQuery {
  @IsOptional()
  @IsString()
  orderId?: string;
}

const sum = (bookings: Booking[]): number => bookings.reduce((total, { amount }) => total + amount, 0);

/** The ledger of both providers, for oracles; amounts in minor units. Of what was before `since` it knows nothing. */
@Controller('api/ledger')
export class LedgerController {
  constructor(private readonly ledger: LedgerService) {}

  @Get()
  list(@Query() { orderId }: LedgerQuery) {
    const data = this.ledger.list(orderId).map((account) => ({
      ...account,
      captured: sum(account.captures),
      refunded: sum(account.refunds),
    }));
    return { status: 'success', data, meta: { since: this.ledger.since } };
  }
}
