import { expect, it } from 'vitest';
import { answerName } from '../../../../electron/broker/doctor/answer-names.ts';

it('says what a broker answered beside its number, in either version of MQTT', () => {
  expect([5, 135, 149, 200].map(answerName)).toEqual([
    '5, not authorised',
    '135 (0x87), not authorised',
    '149 (0x95), packet too large',
    '200 (0xC8)',
  ]);
});
