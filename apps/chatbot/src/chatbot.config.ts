import { IsInt, IsOptional, IsString, IsUrl, Max, Min } from 'class-validator';

export class ChatbotConfig {
  /** Of https://openrouter.ai/keys. Without one, questions are answered from the data by rules, and nothing is sent out. */
  @IsOptional()
  @IsString()
  OPEN_ROUTER_KEY: string | undefined = undefined;

  /**
   * Any service that speaks OpenAI's chat completions. To try it without a key, the sandbox:
   * `http://127.0.0.1:8025/openrouter/v1`, with any text as the key.
   */
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  OPEN_ROUTER_URL: string = 'https://openrouter.ai/api/v1';

  /** One that can call tools; the others fail, and the rules answer. */
  @IsString()
  OPEN_ROUTER_MODEL: string = 'openai/gpt-3.5-turbo';

  /**
   * How many messages of one user (of one address where nobody is signed in) the model answers in a day, in UTC. What is
   * beyond is answered by rules.
   */
  @IsInt()
  @Min(0)
  CHATBOT_DAILY_MESSAGES: number = 50;

  /** The same in tokens, read and written. What is under way when they run out is finished. */
  @IsInt()
  @Min(0)
  CHATBOT_DAILY_TOKENS: number = 100_000;

  /** All users and addresses together, in tokens a day: what the model can cost at most, whoever asks. */
  @IsInt()
  @Min(0)
  CHATBOT_SHOP_DAILY_TOKENS: number = 5_000_000;

  /** How many messages one replica lets the model answer at the same time; what is beyond is answered by rules at once. */
  @IsInt()
  @Min(1)
  @Max(1_000)
  CHATBOT_CONCURRENCY: number = 32;

  /** After so many minutes of silence a conversation is forgotten. */
  @IsInt()
  @Min(1)
  @Max(1_440)
  CHATBOT_MEMORY_MINUTES: number = 30;

  /**
   * A JSON file that says in the shop's own words what it does about `cancellation`, `delivery`, `payment` and `returns`;
   * what is not in it is said in ours. The assistant says what stands there, so let it be true.
   */
  @IsOptional()
  @IsString()
  CHATBOT_POLICIES_FILE: string | undefined = undefined;
}
