import { Injectable } from '@nestjs/common';
import { currentContext, runInContext } from '@suite/platform';
import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import type { Exchange } from './conversations.service';
import { ModelFailure, ModelService } from './model.service';
import { plainText } from './plain-text';
import { promptFor, shopData } from './prompt';
import { ShopService } from './shop.service';
import { ToolsService } from './tools.service';

/** How often the model may call tools before it has to answer, */
const MAX_ROUNDS = 3;
/** how many at a time, */
const MAX_CALLS = 4;
/** and how much of what one finds it is shown, in characters. */
const MAX_RESULT = 6_000;
/** Where a provider does not say what a turn cost: about so many characters are a token. */
const CHARACTERS_A_TOKEN = 4;

export interface Asked {
  message: string;
  past: Exchange[];
  /** The time it may take, in ms. */
  ms: number;
  /** Hears the words as they come. */
  say: (words: string) => void;
  /** Hears what a turn has cost, in tokens, whatever becomes of the answer. */
  spend: (tokens: number) => void;
}

/** A conversation with the model: it reads, calls tools, and answers within its time. */
@Injectable()
export class AssistantService {
  constructor(
    private readonly model: ModelService,
    private readonly tools: ToolsService,
    private readonly shop: ShopService,
  ) {}

  /** @throws ModelFailure */
  answer({ message, past, ms, say, spend }: Asked): Promise<string> {
    const messages = promptFor(message, past, { isSignedIn: this.shop.isSignedIn, now: new Date() });
    const context = { ...currentContext()!, deadline: Date.now() + ms };
    return this.model.converse(ms, (signal) =>
      runInContext(context, async () => {
        for (let round = 0; ; round++) {
          const reply = await this.turn(messages, round === MAX_ROUNDS, signal, { say, spend });
          if (reply !== undefined) return reply;
        }
      }),
    );
  }

  /** One turn: what the model says in the end, or nothing yet, and then the messages have grown by what it has called. */
  private async turn(
    messages: ChatCompletionMessageParam[],
    last: boolean,
    signal: AbortSignal,
    { say, spend }: Pick<Asked, 'say' | 'spend'>,
  ): Promise<string | undefined> {
    const tools = this.tools.offered();
    const estimate = Math.ceil(JSON.stringify([messages, tools]).length / CHARACTERS_A_TOKEN);
    let tokens: number | undefined;
    try {
      const turn = await this.model.turn({ messages, tools, tool_choice: last ? 'none' : 'auto' }, signal, say);
      tokens = turn.tokens;
      const calls = last ? [] : turn.calledTools(MAX_CALLS);
      if (calls.length === 0) return replyOf(turn.text);
      messages.push({ role: 'assistant', content: turn.text || null, tool_calls: calls });
      for (const { id, function: called } of calls) {
        const result = shopData(await this.tools.call(called.name, called.arguments));
        messages.push({ role: 'tool', tool_call_id: id, content: result.slice(0, MAX_RESULT) });
      }
      return undefined;
    } finally {
      spend(tokens ?? estimate);
    }
  }
}

function replyOf(text: string): string {
  const reply = plainText(text);
  if (reply === '') throw new ModelFailure('it said nothing');
  return reply;
}
