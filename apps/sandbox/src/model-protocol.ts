import { randomUUID } from 'node:crypto';

/** As much of OpenAI's chat completions as the scripted model reads and writes. */
export interface ModelRequest {
  model: string;
  stream?: boolean;
  messages: ModelMessage[];
  tools?: { function: { name: string } }[];
  tool_choice?: string;
}

export interface ModelMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string | null;
  tool_calls?: { id: string; function: { name: string; arguments: string } }[];
}

export interface ToolCall {
  name: string;
  parameters: object;
}

/** What the model does next: it says something, or wants tools to be called. */
export interface Turn {
  text?: string;
  calls?: ToolCall[];
}

const CHARACTERS_A_TOKEN = 4;

const callOf = ({ name, parameters }: ToolCall, index: number) => ({
  index,
  id: `call_${randomUUID().slice(0, 8)}`,
  type: 'function',
  function: { name, arguments: JSON.stringify(parameters) },
});

const usageOf = (request: ModelRequest, turn: Turn) => {
  const [prompt_tokens, completion_tokens] = [request, turn].map((part) =>
    Math.ceil(JSON.stringify(part).length / CHARACTERS_A_TOKEN),
  );
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
};

const frameOf = (request: ModelRequest, object: string) => ({
  id: `gen-${randomUUID()}`,
  object,
  created: Math.floor(Date.now() / 1_000),
  model: request.model,
});

const reasonOf = ({ calls }: Turn) => (calls ? 'tool_calls' : 'stop');

/** A turn as one answer. */
export function completionOf(request: ModelRequest, turn: Turn): object {
  const message = {
    role: 'assistant',
    content: turn.text ?? null,
    ...(turn.calls && { tool_calls: turn.calls.map(callOf) }),
  };
  return {
    ...frameOf(request, 'chat.completion'),
    choices: [{ index: 0, message, finish_reason: reasonOf(turn) }],
    usage: usageOf(request, turn),
  };
}

/** The same turn as the chunks of a stream: word by word, and the parameters of a call in two halves. */
export function chunksOf(request: ModelRequest, turn: Turn): object[] {
  const frame = frameOf(request, 'chat.completion.chunk');
  const choice = (delta: object, finish_reason: string | null = null) => ({
    ...frame,
    choices: [{ index: 0, delta, finish_reason }],
  });
  const words = (turn.text ?? '').split(/(?<=\s)/).filter(Boolean);
  const calls = (turn.calls ?? []).map(callOf).flatMap((call) => {
    const { name, arguments: all } = call.function;
    const half = Math.ceil(all.length / 2);
    return [
      { ...call, function: { name, arguments: all.slice(0, half) } },
      { index: call.index, function: { arguments: all.slice(half) } },
    ];
  });
  return [
    choice({ role: 'assistant', content: '' }),
    ...words.map((content) => choice({ content })),
    ...calls.map((call) => choice({ tool_calls: [call] })),
    choice({}, reasonOf(turn)),
    { ...frame, choices: [], usage: usageOf(request, turn) },
  ];
}
