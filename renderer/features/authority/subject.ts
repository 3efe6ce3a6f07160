// A distinguished name as its parts, in the form that openssl's -subj takes: /C=CZ/O=Acme/CN=Acme Root CA.

export const subjectParts = ['C', 'ST', 'L', 'O', 'OU', 'CN'] as const;
export type SubjectPart = (typeof subjectParts)[number];
export type SubjectParts = Readonly<Record<SubjectPart, string>>;

export const subjectPartWords: Record<SubjectPart, string> = {
  C: 'Country (2 letters)',
  ST: 'State or region',
  L: 'City',
  O: 'Organisation',
  OU: 'Department',
  CN: 'Name of the authority',
};

/** `/C=CZ/O=Acme/CN=…`; empty parts are left out, and what separates parts is escaped within one. */
export const joinSubject = (parts: SubjectParts): string =>
  subjectParts
    .filter((part) => parts[part].trim() !== '')
    .map((part) => `/${part}=${parts[part].trim().replace(/[\\/+,]/g, '\\$&')}`)
    .join('');

/** The parts of a subject, or null when it holds something that the six fields cannot show. */
export function splitSubject(subject: string): SubjectParts | null {
  const parts = { C: '', ST: '', L: '', O: '', OU: '', CN: '' };
  if (!/^(\/[A-Z]+=(\\.|[^\\/])*)*$/.test(subject)) return null;
  for (const [, name, value] of subject.matchAll(/\/([A-Z]+)=((?:\\.|[^\\/])*)/g)) {
    const part = subjectParts.find((known) => known === name);
    if (!part || value === undefined || parts[part] !== '') return null;
    parts[part] = value.replace(/\\(.)/g, '$1');
  }
  return parts;
}
