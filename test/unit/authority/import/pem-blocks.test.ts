import { expect, it } from 'vitest';
import { pemBlocksIn } from '../../../../electron/authority/import/pem-blocks.ts';

const block = (label: string, body = 'AAEC') => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
const blocksIn = (text: string) => [...pemBlocksIn(text)].flatMap((found) => found ?? []);
const labelsOf = (text: string) => blocksIn(text).map(({ label }) => label);

it('finds blocks among whatever stands around them', () => {
  const text = `Certificate:\n  Data: 1--2\n${block('CERTIFICATE')}bag\r\n${block('RSA PRIVATE KEY', 'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAEC')}`;
  const found = blocksIn(text);
  expect(found.map(({ label }) => label)).toEqual(['CERTIFICATE', 'RSA PRIVATE KEY']);
  expect(found[0]?.der()).toEqual(Buffer.from([0, 1, 2]));
  expect(found[1]?.text).toContain('DEK-Info: AES-256-CBC');
});

it('passes over what only begins to be one', () => {
  expect(labelsOf(`-----BEGIN CERTIFICATE-----\nAA\n${block('X509 CRL')}`)).toEqual(['X509 CRL']);
  expect(labelsOf(`-----BEGIN A-----\nAA\n-----END B-----\n${block('C')}`)).toEqual(['C']);
  expect(labelsOf('-----BEGIN CERTIFICATE-----\nAA')).toEqual([]);
  expect(labelsOf('-----BEGIN ')).toEqual([]);
  expect(labelsOf(`-----BEGIN lower-----\n-----END lower-----\n${block('C')}`)).toEqual(['C']);
});

it('goes over a text once, however often it begins', () => {
  expect(labelsOf('-----BEGIN '.repeat(300_000))).toEqual([]);
  expect(labelsOf('-----BEGIN A-----'.repeat(200_000))).toEqual([]);
  // With a step after each that is none, so that others get their turn.
  expect([...pemBlocksIn('-----BEGIN '.repeat(1_000))].length).toBeGreaterThan(400);
});
