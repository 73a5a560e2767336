import { Injectable } from '@nestjs/common';
import type { OnlineMethod } from '@suite/contracts';
import { differences, orphan, theirLine } from './ledgers';
import type { PaymentRecord } from './payment.schema';
import { PaymentStore } from './payment-store';
import { ProvidersService } from './providers.service';

export interface Reconciliation {
  compared: number;
  differences: string[];
}

/** Compares our ledger with those of the providers, payment by payment and both ways. Changes nothing. */
@Injectable()
export class ReconciliationService {
  constructor(
    private readonly store: PaymentStore,
    private readonly providers: ProvidersService,
  ) {}

  async compare(since: Date): Promise<Reconciliation> {
    const result: Reconciliation = { compared: 0, differences: [] };
    const ours = this.store.payments.find({ updatedAt: { $gte: since }, reference: { $exists: true } });
    for await (const payment of ours) {
      result.compared++;
      result.differences.push(...(await this.compareOne(payment)));
    }
    for (const { method } of this.providers.all) result.differences.push(...(await this.orphans(method, since)));
    return result;
  }

  private async compareOne(payment: PaymentRecord): Promise<string[]> {
    return differences(payment, theirLine(await this.providers.of(payment).look(payment)));
  }

  private async orphans(method: OnlineMethod, since: Date): Promise<string[]> {
    const found: string[] = [];
    for await (const booked of this.providers.named(method).booked?.(since) ?? []) {
      if (!(await this.store.findByReference(booked.captureId))) found.push(orphan(method, booked));
    }
    return found;
  }
}
