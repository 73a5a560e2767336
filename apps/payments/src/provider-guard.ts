import { Problem } from '@suite/contracts';
import { histogram, WAITS } from '@suite/platform';
import {
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
  isBrokenCircuitError,
  isTaskCancelledError,
  retry,
  timeout,
  TimeoutStrategy,
  wrap,
} from 'cockatiel';

const TIMEOUT_MS = 10_000;
const MAX_RETRIES = 2;
const BREAK_AFTER = 8;
const BREAK_MS = 5_000;

/** Retries must stay a small part of the traffic, or they keep down a provider that tries to get up again. */
const RETRY_SHARE = 0.2;
const MOST_SAVED_RETRIES = 10;

/**
 * Stands between the suite and a provider: no call takes longer than 10 s, weather is tried again at once (with jitter,
 * and only within a budget), and where nothing comes through for a while nobody knocks for some seconds.
 */
export class ProviderGuard {
  private readonly took = histogram(
    'payment_provider_seconds',
    'How long a payment provider took, retries included',
    WAITS,
    ['provider', 'outcome'],
  );
  private saved = MOST_SAVED_RETRIES;
  private readonly policy;

  constructor(
    private readonly name: string,
    private readonly isWeather: (error: unknown) => boolean,
  ) {
    const weather = (error: unknown) => isTaskCancelledError(error) || this.isWeather(error);
    this.policy = wrap(
      retry(
        handleWhen((error) => weather(error) && this.spend()),
        { maxAttempts: MAX_RETRIES, backoff: new ExponentialBackoff({ initialDelay: 150, maxDelay: 2_000 }) },
      ),
      circuitBreaker(handleWhen(weather), { halfOpenAfter: BREAK_MS, breaker: new ConsecutiveBreaker(BREAK_AFTER) }),
      timeout(TIMEOUT_MS, TimeoutStrategy.Aggressive),
    );
  }

  /** @throws Problem SERVICE_UNAVAILABLE for weather: the outcome is unknown then. Anything else as it is. */
  async call<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.saved = Math.min(MOST_SAVED_RETRIES, this.saved + RETRY_SHARE);
    const stop = this.took.startTimer({ provider: this.name });
    try {
      const answer = await this.policy.execute(({ signal }) => work(signal));
      stop({ outcome: 'answered' });
      return answer;
    } catch (error) {
      const away = isBrokenCircuitError(error) || isTaskCancelledError(error) || this.isWeather(error);
      stop({ outcome: away ? 'away' : 'refused' });
      if (!away) throw error;
      throw new Problem('SERVICE_UNAVAILABLE', `${this.name} does not answer`, { retryAfter: 5 }, { cause: error });
    }
  }

  private spend(): boolean {
    if (this.saved < 1) return false;
    this.saved--;
    return true;
  }
}
