import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { VokeMessageView } from '../../../renderer/features/monitor/message/VokeMessageView.tsx';
import { snapshotSchema } from '../../../shared/model/telemetry.ts';

const plantId = '0f5c8a9e-4b1d-4c6a-9d2e-7a3b5c8d9e01';
const markupOf = (devices: readonly object[]) => {
  const message = snapshotSchema.parse({ ts: 1, n: 'a1b2c3d4', timestamp: 1, devices });
  return renderToStaticMarkup(createElement(VokeMessageView, { message: { kind: 'telemetry', plantId, message } }));
};
const valuesOf = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`v${i}`, i]));

describe('a snapshot', () => {
  it('is shown whole: bits as bits, values by name, markup as text', () => {
    const markup = markupOf([
      { externalId: 'CAB<b>', type: 'CABINET', raw: 5 },
      { externalId: 'MET', type: 'METER', values: { power: 12.5, state: 'on\u202e', open: true } },
    ]);
    for (const shown of [
      'aria-label="bits 0, 2 set"',
      'CAB&lt;b&gt;',
      'power <b>12.5</b>',
      'on\\u202e',
      'open <b>true',
    ])
      expect(markup).toContain(shown);
    expect(markup).not.toContain('not shown');
  });

  it('of thousands of devices, or of values, is drawn as far as a window takes it, and says the rest', () => {
    const values = markupOf([
      { externalId: 'A', type: 'METER', values: valuesOf(400) },
      { externalId: 'B', type: 'METER', values: valuesOf(15_000) },
    ]);
    expect(values.match(/<b>/g)).toHaveLength(500);
    expect(values).toContain('14900 more values are not shown');
    const many = Array.from({ length: 3000 }, (_, i) => ({ externalId: `${i}`, type: 'METER', values: { v: i } }));
    const devices = markupOf(many);
    expect(devices.match(/<li>/g)).toHaveLength(200);
    expect(devices).toContain('2800 more devices are not shown');
  });
});
