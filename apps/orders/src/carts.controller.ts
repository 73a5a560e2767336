import { Controller } from '@nestjs/common';
import {
  orders,
  type AddedToCart,
  type AddToCart,
  type Cart,
  type Checkout,
  type Nothing,
  type PlacedOrder,
  type SetInCart,
} from '@suite/contracts';
import { Answers } from '@suite/platform';
import { CartsService } from './carts.service';
import { CheckoutService } from './checkout.service';

@Controller()
export class CartsController {
  constructor(
    private readonly carts: CartsService,
    private readonly checkouts: CheckoutService,
  ) {}

  @Answers(orders.cart)
  get(_body: Nothing): Promise<Cart> {
    return this.carts.get();
  }

  @Answers(orders.addToCart)
  add(body: AddToCart): Promise<AddedToCart> {
    return this.carts.add(body);
  }

  @Answers(orders.setInCart)
  set(body: SetInCart): Promise<Cart> {
    return this.carts.set(body);
  }

  @Answers(orders.emptyCart)
  empty(_body: Nothing): Promise<Cart> {
    return this.carts.empty();
  }

  @Answers(orders.checkout)
  checkout(body: Checkout): Promise<PlacedOrder> {
    return this.checkouts.checkout(body);
  }
}
