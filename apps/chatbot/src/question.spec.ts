import { readQuestion } from './question';

describe('a question', () => {
  it.each([
    ['Where is my last order?', 'status'],
    ['where’s my order', 'status'],
    ['What is the status of 0NK4-7Q9X-M2PB?', 'status'],
    ['0nk4 7q9x m2pb', 'status'],
    ['Why did my order fail?', 'status'],
    ['Any update?', 'status'],
    ['When will my kettle arrive?', 'delivery'],
    ['Has it been shipped yet?', 'delivery'],
    ['Do you have a tracking number for me?', 'delivery'],
    ['How long does delivery take', 'delivery'],
    ['Can I cancel my order?', 'cancellation'],
    ['I changed my mind', 'cancellation'],
    ['Can I get a refund?', 'returns'],
    ['I want to send it back', 'returns'],
    ['How can I pay?', 'payment'],
    ['Was my card charged twice for 0NK4-7Q9X-M2PB', 'payment'],
    ['Do you take PayPal?', 'payment'],
    ['Do you have cash on delivery?', 'payment'],
    ['How much is delivery?', 'delivery'],
    ['Is the chopping board in stock?', 'stock'],
    ['Do you have any grinders left?', 'stock'],
    ['How much is the cast-iron skillet', 'stock'],
    ['how many glasses have you got', 'stock'],
    ['Show me my orders', 'orders'],
    ['What did I buy?', 'orders'],
    ['Hello!', 'greeting'],
    ['good morning', 'greeting'],
    ['ok, thank you very much', 'thanks'],
    ['What is the meaning of life?', 'unknown'],
    ['¿Dónde está mi pedido?', 'unknown'],
    ['   ', 'unknown'],
  ])('%s → %s', (message, topic) => {
    expect(readQuestion(message).topic).toBe(topic);
  });

  it.each([
    ['Where is 0NK4-7Q9X-M2PB?', '0NK4-7Q9X-M2PB'],
    ['where is onk4 7q9x m2pb please', 'onk4 7q9x m2pb'],
    ['0NK47Q9XM2PB', '0NK47Q9XM2PB'],
    ['2qcq qtzs 7t40?', '2qcq qtzs 7t40'],
    ['2qcqqtzsabcd', '2qcqqtzsabcd'],
    ['Do you sell 5000 tons coal?', undefined],
    ['Status of 665f1c2e9b3e4a0012345678', '665f1c2e9b3e4a0012345678'],
    ['When does this ship?', undefined],
    ['What does that cost?', undefined],
    ['Only that many ones?', undefined],
  ])('%s names %s', (message, order) => {
    expect(readQuestion(message).order).toBe(order);
  });

  it.each([
    ['Where is my last order?', 'last'],
    ['And can I cancel it?', 'spoken-of'],
    ['Was the order paid?', 'spoken-of'],
    ['Where is my order?', 'own'],
    ['Have I paid?', 'own'],
    ['When will I get the tea?', 'own'],
    ['How can I pay here?', 'none'],
    ['Can orders be cancelled?', 'none'],
  ])('%s means %s', (message, meant) => {
    expect(readQuestion(message).meant).toBe(meant);
  });

  it.each([
    ['Is the Sencha, first flush, in stock?', ['sencha', 'first', 'flush']],
    ['Do you have COF-001?', ['cof-001']],
    ['how much is the chef’s knife', ['chef', 'knife']],
    ['Gibt es grünen Tee?', ['gibt', 'es', 'grünen', 'tee']],
    ['What do you have?', []],
  ])('%s may name a product with %j', (message, words) => {
    expect(readQuestion(message).words).toEqual(words);
  });

  it('is read in no time, whatever is written', () => {
    for (const part of ['a ', 'any ', '0a', 'do you have ', '- ', '\u0000', 'how much is ']) {
      expect(readQuestion(part.repeat(2_000).slice(0, 2_000)).words.length).toBeLessThanOrEqual(8);
    }
  });
});
