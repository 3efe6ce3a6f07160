import { expect, test } from 'vitest';
import { explainAnswer } from '../../../electron/monitor/explain-answer.ts';

const atQos = (qos: 0 | 1 | 2, retain = false) => ({ qos, retain });

test('says no more than the broker told', () => {
  expect(explainAnswer(atQos(0), 5, undefined)).toMatchObject({ result: 'sent', reasonCode: null });
  const over311 = explainAnswer(atQos(1), 4, undefined);
  expect(over311).toMatchObject({ result: 'accepted', reasonCode: null });
  expect(over311.words).toMatch(/ACL/);
  expect(explainAnswer(atQos(2), 5, undefined)).toMatchObject({ result: 'accepted', reasonCode: 0 });
});

test('tells who is not authorised from whom nobody hears', () => {
  expect(explainAnswer(atQos(1), 5, 0x87)).toMatchObject({ result: 'refused', reasonCode: 0x87 });
  expect(explainAnswer(atQos(1), 5, 0x10).words).toMatch(/nobody/);
  expect(explainAnswer(atQos(1, true), 5, 0x10)).toMatchObject({ result: 'no-subscribers' });
  expect(explainAnswer(atQos(1, true), 5, 0x10).words).toMatch(/kept/);
  expect(explainAnswer(atQos(1), 5, 0xee).words).toContain('0xee');
});
