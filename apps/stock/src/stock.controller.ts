import { Controller } from '@nestjs/common';
import {
  stock,
  type AdjustStock,
  type AuditStock,
  type MovementQuery,
  type OfferQuery,
  type PageQuery,
  type ReceiveStock,
  type Reserve,
  type Reserved,
  type ReservedMany,
  type ReserveMany,
  type Restock,
  type SettleReservation,
} from '@suite/contracts';
import { Answers, problemOf } from '@suite/platform';
import { AuditService } from './audit.service';
import { LedgerService } from './ledger.service';
import { LowStockService } from './low-stock.service';
import { MovementService } from './movement.service';
import { OffersService } from './offers.service';

@Controller()
export class StockController {
  constructor(
    private readonly forSale: OffersService,
    private readonly ledger: LedgerService,
    private readonly lines: MovementService,
    private readonly auditing: AuditService,
    private readonly lows: LowStockService,
  ) {}

  @Answers(stock.offers)
  offers(query: OfferQuery) {
    return this.forSale.find(query);
  }

  @Answers(stock.reserve)
  reserve(body: Reserve) {
    return this.ledger.reserve(body);
  }

  @Answers(stock.reserveMany)
  async reserveMany({ reservations }: ReserveMany): Promise<ReservedMany> {
    return { reserved: await Promise.all(reservations.map((one) => this.reserved(one))) };
  }

  @Answers(stock.commit)
  async commit(body: SettleReservation) {
    await this.ledger.commit(body);
    return {};
  }

  @Answers(stock.release)
  async release(body: SettleReservation) {
    await this.ledger.release(body);
    return {};
  }

  @Answers(stock.restock)
  async restock(body: Restock) {
    await this.ledger.restock(body);
    return {};
  }

  @Answers(stock.adjust)
  adjust(body: AdjustStock) {
    return this.lines.adjust(body);
  }

  @Answers(stock.receive)
  receive(body: ReceiveStock) {
    return this.lines.receive(body);
  }

  @Answers(stock.lowStock)
  lowStock(query: PageQuery) {
    return this.lows.list(query);
  }

  @Answers(stock.movements)
  movements(query: MovementQuery) {
    return this.lines.list(query);
  }

  @Answers(stock.audit)
  audit(body: AuditStock) {
    return this.auditing.audit(body);
  }

  private async reserved(one: Reserve): Promise<Reserved> {
    try {
      return { answer: await this.ledger.reserve(one) };
    } catch (error) {
      return { problem: problemOf(error).toData() };
    }
  }
}
