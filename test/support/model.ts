export interface ModelMessageView {
  role: string;
  content: string | null;
  tool_calls?: { function: { name: string; arguments: string } }[];
}

export interface ModelRequestView {
  model: string;
  messages: ModelMessageView[];
  tools: { function: { name: string } }[];
  max_tokens: number;
}

/** The scripted model of the sandbox: how it behaves, and what it was told. */
export class ScriptedModel {
  constructor(private readonly sandboxUrl = process.env.SANDBOX_URL ?? 'http://127.0.0.1:8025') {}

  /** `helpful` unless told otherwise; see the sandbox for what else it can be. */
  async be(manner: string): Promise<void> {
    await this.call('PUT', '/api/model', { manner });
  }

  async forget(): Promise<void> {
    await this.call('DELETE', '/api/model/asked');
  }

  /** What it was asked, oldest first. */
  async asked(): Promise<ModelRequestView[]> {
    const { data } = (await (await this.call('GET', '/api/model')).json()) as {
      data: { asked: { request: ModelRequestView }[] };
    };
    return data.asked.map(({ request }) => request);
  }

  /** Everything that ever left for it, as one text. */
  async heard(): Promise<string> {
    return JSON.stringify(await this.asked());
  }

  private async call(method: string, path: string, body?: object): Promise<Response> {
    const answer = await fetch(this.sandboxUrl + path, {
      method,
      headers: body && { 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(5_000),
    });
    if (!answer.ok) throw new Error(`the sandbox answered ${answer.status} to ${path}`);
    return answer;
  }
}

/** What the model was shown of the shop, and what it wanted called, in one request. */
export const resultsIn = ({ messages }: ModelRequestView): string[] =>
  messages.filter(({ role }) => role === 'tool').map(({ content }) => content ?? '');
