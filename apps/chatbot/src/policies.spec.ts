import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPolicies } from './policies';

describe('the policies of a shop', () => {
  const folder = mkdtempSync(join(tmpdir(), 'policies-'));
  const file = join(folder, 'policies.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  const read = (text: string) => {
    writeFileSync(file, text);
    return readPolicies(file);
  };

  it('are those of the suite where the shop says nothing', () => {
    expect(Object.keys(readPolicies(undefined))).toEqual(['cancellation', 'delivery', 'payment', 'returns']);
  });

  it('are the shop’s own where it says so', () => {
    expect(read('{ "returns": " Sixty days. " }')).toEqual({ ...readPolicies(undefined), returns: 'Sixty days.' });
  });

  it.each([
    ['no JSON', 'sixty days'],
    ['something else than policies', '{ "refunds": "Sixty days." }'],
    ['an empty one', '{ "returns": " " }'],
    ['one that is no text', '{ "returns": 60 }'],
    ['a list', '[]'],
  ])('are refused: %s', (_what, text) => {
    expect(() => read(text)).toThrow(/CHATBOT_POLICIES_FILE/);
  });

  it('are refused where there is no file', () => {
    expect(() => readPolicies(join(folder, 'none.json'))).toThrow(/CHATBOT_POLICIES_FILE .*ENOENT/);
  });
});
