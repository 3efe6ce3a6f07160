import { expect, it } from 'vitest';
import { nextGenerationOf } from '../../../electron/authority/next-subject.ts';

it.each([
  ['/C=CZ/O=Acme/CN=Acme Root CA', [], '/C=CZ/O=Acme/CN=Acme Root CA G2'],
  ['/CN=Acme Root CA G2', ['/CN=Acme Root CA'], '/CN=Acme Root CA G3'],
  ['/CN=Acme Root CA', ['/CN=Acme Root CA G2', '/CN=Acme Root CA G3'], '/CN=Acme Root CA G4'],
  ['/C=CZ/O=Acme', [], '/C=CZ/O=Acme/CN=Root CA G2'],
  [`/CN=${'x'.repeat(64)}`, [], `/CN=${'x'.repeat(61)} G2`],
])('%s is followed by the next number', (subject, others, expected) => {
  expect(nextGenerationOf(subject, [subject, ...others])).toBe(expected);
});

it('takes another name, and none that is taken', () => {
  expect(nextGenerationOf('/CN=Old', ['/CN=Old'], 'CN=New,O=Acme')).toBe('/O=Acme/CN=New');
  expect(() => nextGenerationOf('/CN=Old', ['/CN=Old'], 'CN=Old')).toThrow(
    expect.objectContaining({ code: 'authority/invalid-subject' }),
  );
});
