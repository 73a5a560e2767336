import type { ChatCompletionChunk, ChatCompletionMessageFunctionToolCall } from 'openai/resources/chat/completions';

/** One turn of a model, put together out of the chunks in which it comes. */
export class ModelTurn {
  text = '';
  /** What the turn cost, as the provider counts; undefined until it says so. */
  tokens?: number;
  /** The model has said that it has come to its end. */
  finished = false;
  private readonly calls: ChatCompletionMessageFunctionToolCall[] = [];

  /** @returns what it has said by this chunk. */
  take({ choices, usage }: ChatCompletionChunk): string {
    // The last chunk, with the usage, has no choice.
    const [choice] = choices as (ChatCompletionChunk.Choice | undefined)[];
    this.tokens = usage?.total_tokens ?? this.tokens;
    this.finished ||= Boolean(choice?.finish_reason);
    for (const part of choice?.delta.tool_calls ?? []) {
      const call = (this.calls[part.index] ??= { id: '', type: 'function', function: { name: '', arguments: '' } });
      call.id += part.id ?? '';
      call.function.name += part.function?.name ?? '';
      call.function.arguments += part.function?.arguments ?? '';
    }
    const said = choice?.delta.content ?? '';
    this.text += said;
    return said;
  }

  /** Which tools it wants to be called, at most `max` of them. */
  calledTools(max: number): ChatCompletionMessageFunctionToolCall[] {
    return this.calls.filter((call) => call?.function.name !== '').slice(0, max);
  }
}
