export interface OrderPaymentView {
  status: string;
  clientSecret?: string;
  paymentUrl?: string;
  expiresAt?: string;
}

export interface WebhookView {
  id: string;
  provider: 'STRIPE' | 'PAYPAL';
  eventId: string;
  type: string;
  state: 'received' | 'processed' | 'ignored' | 'failed';
  deliveries: number;
  attempts: number;
  orderId?: string;
  error?: string;
}
