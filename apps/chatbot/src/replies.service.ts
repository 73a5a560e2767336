import { Injectable, Logger } from '@nestjs/common';
import type { ChatMessage, ChatReply } from '@suite/contracts';
import { counter, currentContext, problemOf, RedisLink, runInContext } from '@suite/platform';
import { AssistantService } from './assistant.service';
import { BudgetsService } from './budgets.service';
import { ConversationsService, type Exchange } from './conversations.service';
import { Draft } from './draft';
import { ModelFailure, ModelService } from './model.service';
import { plainText } from './plain-text';
import { RulesService } from './rules.service';

/** The model's time in all, its tools included; */
const MODEL_MS = 7_000;
/** so much is left for the rules after it. */
const RULES_MS = 2_000;
/** Who has waited so long already that less is left for the model is answered by rules at once. */
const LEAST_MS = 1_000;

const NOT_NOW = 'I cannot look that up just now. Please try again in a moment.';

/** What is said to whoever asks: by the model where it may and can, otherwise by rules. */
@Injectable()
export class RepliesService {
  private readonly log = new Logger(RepliesService.name);
  private readonly written = counter('chat_replies_total', 'Replies of the assistant, by who wrote them', ['author']);
  private readonly spent = counter('chat_model_tokens_total', 'What the model has cost, in tokens');

  constructor(
    private readonly conversations: ConversationsService,
    private readonly budgets: BudgetsService,
    private readonly model: ModelService,
    private readonly assistant: AssistantService,
    private readonly rules: RulesService,
    private readonly link: RedisLink,
  ) {}

  async reply(asked: ChatMessage): Promise<ChatReply> {
    const { message, conversationId } = asked;
    const caller = currentContext()?.caller;
    const conversation = await this.conversations.find(caller, conversationId);
    const past = await this.conversations.recall(conversation);
    const written = (await this.byModel(asked, past)) ?? (await this.byRules(message, past));
    this.written.inc({ author: written.author });
    await this.conversations.remember(conversation, { message, reply: written.reply });
    return { ...written, ...(conversation.id !== undefined && { conversationId: conversation.id }) };
  }

  /** Undefined when the model fails, is slow, or may not be asked. */
  private async byModel({ message, address = '', stream, draftId }: ChatMessage, past: Exchange[]) {
    const ms = Math.min(MODEL_MS, timeLeft() - RULES_MS);
    if (!this.model.isThere || ms < LEAST_MS) return undefined;
    const budget = await this.budgets.take(currentContext()?.caller, address);
    if (!budget) return undefined;
    const draft = stream && draftId ? new Draft(this.link.redis, stream, draftId) : undefined;
    const say = (words: string) => draft?.say(words);
    const spend = (tokens: number) => {
      this.spent.inc(tokens);
      this.budgets.spend(budget, tokens).catch((error: Error) => this.log.warn(`Not counted: ${error.message}`));
    };
    try {
      const reply = await this.assistant.answer({ message, past, ms, say, spend });
      await draft?.end();
      return { reply, author: 'model' as const };
    } catch (error) {
      if (error instanceof ModelFailure) return undefined;
      throw error;
    }
  }

  /** Says so where the data cannot be had, rather than leaving whoever asks without an answer. */
  private async byRules(message: string, past: Exchange[]) {
    const context = currentContext()!;
    const deadline = Date.now() + Math.min(RULES_MS, timeLeft());
    const author = 'rules' as const;
    try {
      const reply = await runInContext({ ...context, deadline }, () => this.rules.answer(message, past));
      return { reply: plainText(reply), author };
    } catch (error) {
      const problem = problemOf(error);
      if (problem.kind !== 'busy') throw problem;
      this.log.warn(`Not looked up: ${problem.message}`);
      return { reply: NOT_NOW, author };
    }
  }
}

/** Until nobody waits for the reply any more, in ms. */
const timeLeft = (): number => (currentContext()?.deadline ?? Infinity) - Date.now();
