import { Injectable, Logger } from '@nestjs/common';
import { HealthChecks } from '@suite/platform';
import {
  bulkhead,
  circuitBreaker,
  ConsecutiveBreaker,
  handleAll,
  isBrokenCircuitError,
  isBulkheadRejectedError,
  wrap,
} from 'cockatiel';
import OpenAI, { APIError } from 'openai';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import { ChatbotConfig } from './chatbot.config';
import { ModelTurn } from './model-turn';

/** After so many failures in a row nobody is kept waiting for the model any more, */
const BREAK_AFTER = 3;
/** but for so long, after which one message tries again. */
const BREAK_MS = 20_000;
const MAX_TOKENS = 500;
const TEMPERATURE = 0.2;

/** Somebody has to see to these: the key, the credit, the name of the model. */
const OURS = new Set([400, 401, 402, 403, 404]);

/** The model did not answer, or may not be asked just now. */
export class ModelFailure extends Error {}

export type ModelRequest = Pick<ChatCompletionCreateParamsStreaming, 'messages' | 'tools' | 'tool_choice'>;

/** The model at OpenRouter, behind a guard: not too many questions at once, and none where nothing comes back anyway. */
@Injectable()
export class ModelService {
  private readonly log = new Logger(ModelService.name);
  private readonly client?: OpenAI;
  private readonly guard;
  /** What was wrong with the model the last time. */
  private fault?: string;

  constructor(
    private readonly config: ChatbotConfig,
    health: HealthChecks,
  ) {
    this.guard = wrap(
      bulkhead(config.CHATBOT_CONCURRENCY, 0),
      circuitBreaker(handleAll, { halfOpenAfter: BREAK_MS, breaker: new ConsecutiveBreaker(BREAK_AFTER) }),
    );
    if (!config.OPEN_ROUTER_KEY) return;
    health.note('model', () => this.fault);
    this.client = new OpenAI({
      apiKey: config.OPEN_ROUTER_KEY,
      baseURL: config.OPEN_ROUTER_URL,
      // Otherwise taken from the environment, which may hold somebody's account with OpenAI.
      organization: null,
      project: null,
      maxRetries: 1,
      // It would write to the console, and what goes out is nobody's business there.
      logLevel: 'off',
      defaultHeaders: { 'X-Title': 'Order suite' },
    });
  }

  get isThere(): boolean {
    return this.client !== undefined;
  }

  /**
   * Runs a conversation with the model, in one go: it holds one of the places and counts as one success or failure.
   * @throws ModelFailure
   */
  async converse<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    // By Redis's clock what is left of the time may be a fraction, which Node refuses.
    const signal = AbortSignal.timeout(Math.floor(ms));
    try {
      const result = await this.guard.execute(() => work(signal));
      this.fault = undefined;
      return result;
    } catch (error) {
      throw this.judge(error, signal);
    }
  }

  /** @param say hears its words as they come. */
  async turn(request: ModelRequest, signal: AbortSignal, say: (words: string) => void): Promise<ModelTurn> {
    const turn = new ModelTurn();
    const chunks = await this.client!.chat.completions.create(
      {
        ...request,
        model: this.config.OPEN_ROUTER_MODEL,
        max_tokens: MAX_TOKENS,
        temperature: TEMPERATURE,
        stream: true,
        stream_options: { include_usage: true },
      },
      { signal },
    );
    for await (const chunk of chunks) {
      const said = turn.take(chunk);
      if (said) say(said);
    }
    // Cut off by its time, the stream just ends.
    if (!turn.finished) throw new ModelFailure('it broke off');
    return turn;
  }

  /** Says what is wrong by status and kind alone: the texts of a provider repeat what it was sent. */
  private judge(error: unknown, signal: AbortSignal): ModelFailure {
    if (isBrokenCircuitError(error) || isBulkheadRejectedError(error)) return new ModelFailure('not asked');
    const status = error instanceof APIError ? (error.status as number | undefined) : undefined;
    const reason = reasonOf(error, status, signal);
    this.fault = reason;
    const line = `The model failed, and rules answered: ${reason}`;
    if (status !== undefined && OURS.has(status)) this.log.error(line);
    else this.log.warn(line);
    return new ModelFailure(reason, { cause: error });
  }
}

function reasonOf(error: unknown, status: number | undefined, signal: AbortSignal): string {
  if (signal.aborted) return 'no answer in time';
  if (status !== undefined) return `status ${status}`;
  return error instanceof ModelFailure ? error.message : (error as Error).constructor.name;
}
