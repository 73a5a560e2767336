import { OmitType } from '@nestjs/swagger';
import { AddOrderNote, IsPrice, Problem, RefundOrder, SetOrderStatus } from '@suite/contracts';
import { toMinorUnits } from './money';

export class OrderStatusBody extends OmitType(SetOrderStatus, ['id']) {}

export class RefundBody extends OmitType(RefundOrder, ['id', 'amount']) {
  @IsPrice({ optional: true, description: 'More than nothing; touches no line', example: 5.5 })
  amount?: number;
}

export class OrderNoteBody extends OmitType(AddOrderNote, ['id']) {}

/** @throws Problem VALIDATION_FAILED for a refund of nothing. */
export function refundOf(id: string, { amount, ...rest }: RefundBody): RefundOrder {
  if (amount === 0) {
    const message = 'amount must be more than 0';
    throw new Problem('VALIDATION_FAILED', undefined, { errors: [{ path: 'amount', message }] });
  }
  return { id, ...rest, ...(amount !== undefined && { amount: toMinorUnits(amount) }) };
}
