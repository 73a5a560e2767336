import { Injectable } from '@nestjs/common';
import { PaymentStore } from './payment-store';
import { WebhooksService } from './webhooks.service';

/**
 * Forgets people. What was paid and refunded stays, as accounting needs it; what providers have written of the customer
 * goes, and goes at once from then on. Safe to repeat, and what is on its way goes on.
 */
@Injectable()
export class ErasingService {
  constructor(
    private readonly store: PaymentStore,
    private readonly webhooks: WebhooksService,
  ) {}

  async erase(userId: string): Promise<void> {
    // First the mark: what is processed meanwhile sees it, or is seen here.
    await this.webhooks.forget(await this.store.markErased(userId));
  }
}
