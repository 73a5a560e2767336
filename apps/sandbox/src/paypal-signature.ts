import { generateKeyPairSync, randomUUID, sign, verify } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** The headers with which a webhook of PayPal's comes, by their names in lower case. */
export type Transmission = Record<
  | 'paypal-transmission-id'
  | 'paypal-transmission-time'
  | 'paypal-transmission-sig'
  | 'paypal-cert-url'
  | 'paypal-auth-algo',
  string
>;

/** What PayPal's verification is asked: https://developer.paypal.com/docs/api/webhooks/v1/#verify-webhook-signature_post */
export interface VerifyRequest {
  transmission_id?: string;
  transmission_time?: string;
  transmission_sig?: string;
  cert_url?: string;
  auth_algo?: string;
  webhook_id?: string;
  webhook_event?: object;
}

/**
 * Signs webhooks as PayPal does: RSA over `id|time|webhook id|CRC32 of the body`
 * (https://developer.paypal.com/api/rest/webhooks/rest/). The key is made anew with each start.
 */
export class PaypalSignature {
  private readonly keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

  constructor(
    private readonly webhookId: string,
    private readonly certUrl: string,
  ) {}

  sign(body: string): Transmission {
    const [id, time] = [randomUUID(), new Date().toISOString()];
    const signature = sign('sha256', Buffer.from(this.message(id, time, body)), this.keys.privateKey);
    return {
      'paypal-transmission-id': id,
      'paypal-transmission-time': time,
      'paypal-transmission-sig': signature.toString('base64'),
      'paypal-cert-url': this.certUrl,
      'paypal-auth-algo': 'SHA256withRSA',
    };
  }

  /** @param body the event as its sender wrote it */
  verify(request: VerifyRequest, body: string): boolean {
    const { transmission_id: id, transmission_time: time, transmission_sig: signature } = request;
    if (!id || !time || !signature || request.webhook_id !== this.webhookId || request.cert_url !== this.certUrl) {
      return false;
    }
    const message = Buffer.from(this.message(id, time, body));
    return verify('sha256', message, this.keys.publicKey, Buffer.from(signature, 'base64'));
  }

  private message(id: string, time: string, body: string): string {
    return `${id}|${time}|${this.webhookId}|${crc32(body)}`;
  }
}
