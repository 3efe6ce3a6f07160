import { describe, expect, test } from 'vitest';
import { parseDistinguishedName } from '../../../electron/authority/distinguished-name.ts';
import { joinSubject, splitSubject } from '../../../renderer/features/authority/subject.ts';
import { authorityDefaults } from '../../../shared/model/certificate.ts';

const none = { C: '', ST: '', L: '', O: '', OU: '', CN: '' };

describe('a subject by its parts', () => {
  test('the default subject comes apart and together again', () => {
    const parts = splitSubject(authorityDefaults.subject);
    expect(parts).toMatchObject({ C: 'CZ', O: 'CPI IoT Platform', CN: 'CPI Root CA' });
    expect(parts && joinSubject(parts)).toBe(authorityDefaults.subject);
  });

  test('what separates parts may stand within one, and the core reads it as it was typed', () => {
    const parts = { ...none, O: 'A/S Nord, "Süd" + Co \\', CN: 'Root' };
    const subject = joinSubject(parts);
    expect(splitSubject(subject)).toEqual(parts);
    expect(parseDistinguishedName(subject)).toEqual([
      { type: 'O', value: parts.O },
      { type: 'CN', value: 'Root' },
    ]);
  });

  test('what the fields cannot show is left to the text', () => {
    expect(splitSubject('/DC=org/CN=Root')).toBeNull();
    expect(splitSubject('/OU=a/OU=b/CN=Root')).toBeNull();
    expect(splitSubject('CN=Root,O=Acme')).toBeNull();
    expect(splitSubject('')).toEqual(none);
  });
});
