import { Problem } from '@suite/contracts';
import { parseBody } from './json-body';

const codeOf = (text: string): string => {
  try {
    parseBody(text);
  } catch (error) {
    return (error as Problem).code;
  }
  return 'accepted';
};

describe('parseBody', () => {
  it('reads JSON as it is', () => {
    const body = { items: [{ quantity: 2, name: 'Ünïcode ☕', none: null }] };
    expect(parseBody(JSON.stringify(body))).toEqual(body);
  });

  it.each(['{"a":', '{a:1}', 'nonsense', '{"a":1}}', '\u0000'])('says that %j is malformed', (text) =>
    expect(codeOf(text)).toBe('MALFORMED_JSON'),
  );

  it.each([
    '{"__proto__":{"role":"admin"}}',
    '{"a":[{"\\u005f_proto__":1}]}',
    '{"constructor":{"prototype":{}}}',
    '{"toString":1}',
  ])('refuses %s', (text) => expect(codeOf(text)).toBe('VALIDATION_FAILED'));

  it('refuses nesting that would overflow the stack of whoever walks it', () => {
    expect(codeOf('['.repeat(100_000) + ']'.repeat(100_000))).toBe('VALIDATION_FAILED');
    expect(codeOf('{"a":'.repeat(17) + '1' + '}'.repeat(17))).toBe('VALIDATION_FAILED');
    expect(codeOf('{"a":'.repeat(16) + '1' + '}'.repeat(16))).toBe('accepted');
  });
});
