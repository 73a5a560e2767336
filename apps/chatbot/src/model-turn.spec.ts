import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import { ModelTurn } from './model-turn';

const chunk = (delta: object, more: object = {}, finish_reason: string | null = null) =>
  ({ choices: [{ index: 0, delta, finish_reason }], ...more }) as unknown as ChatCompletionChunk;

describe('a turn of a model', () => {
  it('is what its chunks say together', () => {
    const turn = new ModelTurn();
    const said = [chunk({ role: 'assistant' }), chunk({ content: 'Your ' }), chunk({ content: 'order' })].map((one) =>
      turn.take(one),
    );
    expect([said, turn.text, turn.finished]).toEqual([['', 'Your ', 'order'], 'Your order', false]);
    turn.take(chunk({}, {}, 'stop'));
    turn.take({ choices: [], usage: { total_tokens: 42 } } as unknown as ChatCompletionChunk);
    expect([turn.finished, turn.tokens, turn.calledTools(4)]).toEqual([true, 42, []]);
  });

  it('puts calls together that come in pieces, side by side', () => {
    const turn = new ModelTurn();
    for (const part of [
      { index: 0, id: 'a', function: { name: 'find_order', arguments: '{"or' } },
      { index: 1, id: 'b', function: { name: 'shop_policies' } },
      { index: 0, function: { arguments: 'der":"x"}' } },
      { index: 1, function: { arguments: '{}' } },
    ]) {
      turn.take(chunk({ tool_calls: [part] }));
    }
    expect(turn.calledTools(4)).toEqual([
      { id: 'a', type: 'function', function: { name: 'find_order', arguments: '{"order":"x"}' } },
      { id: 'b', type: 'function', function: { name: 'shop_policies', arguments: '{}' } },
    ]);
    expect(turn.calledTools(1)).toHaveLength(1);
  });

  it('leaves out what is no call', () => {
    const turn = new ModelTurn();
    turn.take(chunk({ tool_calls: [{ index: 2, function: { arguments: '{}' } }] }));
    expect(turn.calledTools(4)).toEqual([]);
  });
});
