import fc from 'fast-check';
import { searchTerms, termPattern } from './search-terms';

const letter = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 });

const finds = (needle: string, ...texts: string[]) =>
  searchTerms(...texts).some((term) => termPattern(needle).test(term));

describe('searching users', () => {
  it.each(['jo', 'doe@', 'example.com', 'O’N', 'neill', 'JO.DOE@EXAMPLE.COM', 'zoe'])(
    'finds "%s" anywhere',
    (needle) => {
      expect(finds(needle, 'jo.doe@example.com', 'Zoë O’Neill')).toBe(true);
    },
  );

  it.each(['doe jo', '.*', 'jo?', 'example.org'])('does not find "%s", which is not there', (needle) => {
    expect(finds(needle, 'jo.doe@example.com', 'Zoë O’Neill')).toBe(false);
  });

  it('finds every part of every text', () => {
    fc.assert(
      fc.property(fc.array(letter, { minLength: 1, maxLength: 40 }), fc.nat(39), (letters, from) => {
        fc.pre(from < letters.length);
        return finds(letters.slice(from).join(''), letters.join(''));
      }),
    );
  });
});
