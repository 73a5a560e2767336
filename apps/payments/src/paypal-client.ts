import type { PaymentsConfig } from './payments.config';
import { ProviderRefusal } from './provider';
import { ProviderGuard } from './provider-guard';

interface Call {
  method: 'GET' | 'POST';
  path: string;
  /** JSON text, so that a webhook's event can be passed on byte by byte. */
  body?: string;
  /** The provider does it once, however often it hears it. */
  requestId?: string;
}

interface Fault {
  name?: string;
  message?: string;
  details?: { issue?: string; description?: string }[];
}

/** A call that PayPal could not or would not answer just now. */
class PaypalWeather extends Error {}

const newGuard = () => new ProviderGuard('PayPal', (error) => error instanceof PaypalWeather);

/** A token is renewed so many ms before it ends. */
const MARGIN_MS = 60_000;

/**
 * PayPal's REST API: tokens, time-outs, retries, errors. Its own SDK (2.5.0) does without the verification of webhooks and
 * speaks only to two fixed addresses; what is needed here is six calls.
 */
export class PaypalClient {
  private readonly guard = newGuard();
  /** Its own, since anybody can send what is to be verified: a flood of that must not keep payments from being made. */
  private readonly verifying = newGuard();
  private token?: { text: Promise<string>; until: number };

  constructor(private readonly config: PaymentsConfig) {}

  /** @throws ProviderRefusal with the issue as its code; Problem SERVICE_UNAVAILABLE for weather. */
  call<T>(call: Call): Promise<T> {
    return this.guard.call((signal) => this.once<T>(call, signal));
  }

  /** As `call`, for what is asked because somebody unknown has said something. */
  verify<T>(call: Call): Promise<T> {
    return this.verifying.call((signal) => this.once<T>(call, signal));
  }

  private async once<T>(call: Call, signal: AbortSignal): Promise<T> {
    const answer = await this.send(call, signal, await this.accessToken());
    if (answer.status !== 401) return read<T>(answer);
    // It was revoked before its time: once more with a new one.
    this.token = undefined;
    return read<T>(await this.send(call, signal, await this.accessToken()));
  }

  private async send({ method, path, body, requestId }: Call, signal: AbortSignal, token: string): Promise<Response> {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      prefer: 'return=representation',
      ...(requestId !== undefined && { 'paypal-request-id': requestId }),
    };
    return reach(`${this.config.paypalUrl}${path}`, { method, headers, body, signal });
  }

  /** One for all calls until it ends; those who come while it is fetched wait for the same one. */
  private accessToken(): Promise<string> {
    if (this.token && this.token.until > Date.now()) return this.token.text;
    const fetched = this.fetchToken();
    const token = { text: fetched.then(({ text }) => text), until: Date.now() + MARGIN_MS };
    this.token = token;
    fetched.then(
      ({ lifeMs }) => (token.until = Date.now() + lifeMs - MARGIN_MS),
      () => (this.token = undefined),
    );
    return token.text;
  }

  private async fetchToken(): Promise<{ text: string; lifeMs: number }> {
    const { paypalClientId, paypalClientSecret, paypalUrl } = this.config;
    const credentials = Buffer.from(`${paypalClientId}:${paypalClientSecret}`).toString('base64');
    const answer = await reach(`${paypalUrl}/v1/oauth2/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials',
      signal: AbortSignal.timeout(10_000),
    });
    if (answer.status === 401) throw new Error('PayPal does not accept PAYPAL_CLIENT_ID and PAYPAL_CLIENT_SECRET');
    const { access_token: text, expires_in: lifeS } = await read<{ access_token: string; expires_in: number }>(answer);
    return { text, lifeMs: lifeS * 1_000 };
  }
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    throw new PaypalWeather('PayPal was not reached', { cause: error });
  }
}

async function read<T>(answer: Response): Promise<T> {
  if (answer.status >= 500 || answer.status === 429 || answer.status === 409) {
    await answer.body?.cancel();
    throw new PaypalWeather(`PayPal answered ${answer.status}`);
  }
  let body: unknown;
  try {
    body = await answer.json();
  } catch (error) {
    throw new PaypalWeather('PayPal hung up', { cause: error });
  }
  if (answer.ok) return body as T;
  const { name = String(answer.status), message = '', details = [] } = body as Fault;
  throw new ProviderRefusal(details[0]?.issue ?? name, details[0]?.description ?? message);
}
