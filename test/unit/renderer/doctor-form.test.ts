import { expect, it } from 'vitest';
import { connectionOf, emptyConnection } from '../../../renderer/features/doctor/connection-values.ts';
import { validateWith } from '../../../renderer/ui/validate-with.ts';
import { connectionSchema } from '../../../shared/model/doctor.ts';

const errors = validateWith(connectionSchema, connectionOf);
const filled = { ...emptyConnection, host: 'localhost' };

it.each([
  ['70000', 'must be 65535 or less'],
  ['0', 'must be 1 or more'],
  ['-1', 'must be 1 or more'],
  ['1883.5', 'must be a whole number'],
  ['', 'must be a number'],
  ['mqtt', 'must be a number'],
])('port %j is an error at its field', (port, error) => {
  expect(errors({ ...filled, port })).toEqual({ port: error });
});

it('takes what is a port and a size', () => {
  const values = { ...filled, port: '1883', payloadBytes: '1000' };
  expect(errors(values)).toEqual({});
  expect(connectionOf(values)).toMatchObject({ port: 1883, payloadBytes: 1000 });
  expect(errors({ ...filled, payloadBytes: '1000001' })).toEqual({ payloadBytes: 'must be 1000000 or less' });
});
