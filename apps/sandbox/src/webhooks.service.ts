import { createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { PaypalSignature } from './paypal-signature';
import { SandboxConfig } from './sandbox.config';
import { paypalId, stripeId } from './sandbox-id';
import { seconds } from './stripe-objects';
import { SwitchesService } from './switches.service';

interface Webhook {
  path: string;
  body: string;
  /** Made anew for each delivery: a signature carries its time. */
  sign: (body: string) => Record<string, string>;
}

const MAX_TRIES = 14;
const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 10_000;
const TIMEOUT_MS = 10_000;
const SHUFFLE_MS = 1_000;
const HOLD_LOOK_MS = 50;

/** Tells the shop what happened, signed, again and again until it answers with 2xx. */
@Injectable()
export class WebhooksService implements OnApplicationShutdown {
  private readonly log = new Logger(WebhooksService.name);
  private readonly closing = new AbortController();
  readonly paypalSignature: PaypalSignature;

  constructor(
    private readonly config: SandboxConfig,
    private readonly switches: SwitchesService,
  ) {
    this.paypalSignature = new PaypalSignature(
      config.PAYPAL_WEBHOOK_ID,
      `${config.ownUrl}/v1/notifications/certs/CERT-sandbox`,
    );
  }

  onApplicationShutdown(): void {
    this.closing.abort();
  }

  /** https://docs.stripe.com/api/events/object; the signature as in https://docs.stripe.com/webhooks#verify-manually */
  tellStripe(type: string, object: object): void {
    const event = { id: stripeId('evt'), object: 'event', api_version: null, created: seconds(), livemode: false };
    const body = JSON.stringify({ ...event, data: { object }, pending_webhooks: 1, request: null, type }, null, 2);
    this.send({ path: '/payments/webhook/stripe', body, sign: (text) => this.signStripe(text) });
  }

  tellPaypal(type: string, resourceType: string, resource: object): void {
    const id = `WH-${paypalId()}-${paypalId()}`;
    const event = { id, event_version: '1.0', create_time: new Date().toISOString(), resource_type: resourceType };
    const body = JSON.stringify({ ...event, event_type: type, summary: type, resource, resource_version: '2.0' });
    this.send({ path: '/payments/webhook/paypal', body, sign: (text) => this.paypalSignature.sign(text) });
  }

  signStripe(body: string, at = seconds()): Record<string, string> {
    const signature = createHmac('sha256', this.config.STRIPE_WEBHOOK_SECRET).update(`${at}.${body}`).digest('hex');
    return { 'stripe-signature': `t=${at},v1=${signature}` };
  }

  private send(webhook: Webhook): void {
    if (!this.config.SANDBOX_SHOP_URL) return;
    for (let copy = 0; copy < this.switches.get().webhookCopies; copy++) {
      void this.deliver(webhook).catch((error: Error) => {
        if (!this.closing.signal.aborted) this.log.warn(`A webhook was given up: ${error.message}`);
      });
    }
  }

  private async deliver(webhook: Webhook): Promise<void> {
    if (this.switches.get().webhookShuffle) await this.wait(this.switches.chance() * SHUFFLE_MS);
    while (this.switches.get().webhookHold) await this.wait(HOLD_LOOK_MS);
    for (let attempt = 1; !(await this.attempt(webhook)); attempt++) {
      if (attempt === MAX_TRIES) throw new Error(`no 2xx after ${attempt} tries`);
      await this.wait(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1)));
    }
  }

  private async attempt({ path, body, sign }: Webhook): Promise<boolean> {
    try {
      const answer = await fetch(this.config.SANDBOX_SHOP_URL + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8', ...sign(body) },
        body,
        signal: AbortSignal.any([this.closing.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      await answer.arrayBuffer();
      return answer.ok;
    } catch {
      return false;
    }
  }

  private wait(ms: number): Promise<void> {
    return pause(ms, undefined, { ref: false, signal: this.closing.signal });
  }
}
