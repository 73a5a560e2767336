const { findingsOf } = jest.requireActual<{ findingsOf: (text: string) => object }>('../../scripts/check-audit.mjs');
const { faultsOf } = jest.requireActual<{ faultsOf: (manifests: object[]) => string[] }>(
  '../../scripts/check-licences.mjs',
);

describe('the licence of a package', () => {
  it.each<[string, object]>([
    ['MIT', { license: 'MIT' }],
    ['one of several', { license: '(GPL-3.0 OR MIT)' }],
    ['several at once', { license: 'Apache-2.0 AND MIT' }],
    ['written as it once was', { licenses: [{ type: 'MIT' }] }],
  ])('is fine: %s', (_what, said) => expect(faultsOf([{ name: 'a', version: '1.0.0', ...said }])).toEqual([]));

  it.each<[string, object, string]>([
    ['none', {}, 'a@1.0.0 names no licence'],
    ['one that asks for our sources', { license: 'AGPL-3.0' }, 'a@1.0.0 is under AGPL-3.0'],
    ['one that comes on top', { license: 'MIT AND SSPL-1.0' }, 'a@1.0.0 is under MIT AND SSPL-1.0'],
    ['words', { license: 'SEE LICENSE IN LICENSE.md' }, 'a@1.0.0 is under SEE LICENSE IN LICENSE.md'],
  ])('is not: %s', (_what, said, fault) => {
    expect(faultsOf([{ name: 'a', version: '1.0.0', ...said }])).toEqual([fault]);
  });
});

describe('what the registry knows of packages', () => {
  const known = (severity: string) =>
    JSON.stringify({ vulnerabilities: { left: { severity, range: '<2', via: [{ title: 'Pads too far' }, 'right'] } } });

  it.each(['high', 'critical'])('fails the check when it is %s', (severity) => {
    const fault = `left <2 (${severity}): Pads too far; through right`;
    expect(findingsOf(known(severity))).toEqual({ checked: true, faults: [fault] });
  });

  it.each(['low', 'moderate'])('does not when it is %s', (severity) => {
    expect(findingsOf(known(severity))).toEqual({ checked: true, faults: [] });
  });

  it.each(['', '{"message":"405 Method Not Allowed"}', 'npm error'])('is not known from %j', (text) => {
    expect(findingsOf(text)).toEqual({ checked: false, faults: [] });
  });
});
