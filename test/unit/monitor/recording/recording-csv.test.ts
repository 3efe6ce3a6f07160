import { expect, it } from 'vitest';
import { recordingCsvLine } from '../../../../electron/monitor/recording/recording-csv.ts';

it('quotes, escapes controls and disarms formulas', () => {
  const payload = '=1+"2"\n';
  const payloadBase64 = Buffer.from(payload).toString('base64');
  expect(recordingCsvLine({ time: 0, topic: '@a,b', payloadBase64, qos: 0, retain: true })).toBe(
    `1970-01-01T00:00:00.000Z,"'@a,b",0,true,"'=1+""2""\\n","${payloadBase64}"\r\n`,
  );
});
