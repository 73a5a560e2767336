import { OmitType, PickType } from '@nestjs/swagger';
import { AddToCart, Problem, SetInCart } from '@suite/contracts';
import { namingErrors, OrderBody } from './order-body';

export class AddToCartBody extends AddToCart {}

export class SetInCartBody extends OmitType(SetInCart, ['stockId']) {}

export class CheckoutBody extends PickType(OrderBody, ['shippingAddress', 'paymentMethod', 'paymentFlow']) {}

/** @throws Problem VALIDATION_FAILED unless the product is named by one id. */
export function addToCartOf(body: AddToCartBody): AddToCart {
  const errors = namingErrors(body, 'stockId');
  if (errors.length > 0) throw new Problem('VALIDATION_FAILED', undefined, { errors });
  return body;
}
