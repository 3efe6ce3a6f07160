import { describe, expect, it } from 'vitest';
import { planPush } from '../../../electron/broker/plan.ts';
import type { BrokerFile } from '../../../shared/model/broker-files.ts';

const file = (name: string, content = 'same'): BrokerFile => ({
  name,
  content: Buffer.from(content),
  mode: 0o600,
  secret: false,
});
const current = ['mosquitto.conf', 'acl', 'passwd-devices', 'ca.crl', 'jwt-public.der'].map((name) => file(name));
const changing = (...names: string[]) =>
  current.map((known) => (names.includes(known.name) ? file(known.name, 'new') : known));

describe('planPush', () => {
  it('needs a start at first', () => {
    const plan = planPush(undefined, current, ['a notice']);
    expect(plan).toMatchObject({ needs: 'restart', notices: ['a notice'] });
    expect(plan.files.every(({ change }) => change === 'new')).toBe(true);
  });

  it('needs nothing when nothing changed', () => {
    expect(planPush(current, changing()).needs).toBe('nothing');
  });

  it.each(['acl', 'passwd-devices', 'ca.crl'])('needs a reload for %s', (name) => {
    const plan = planPush(current, changing(name));
    expect(plan.needs).toBe('reload');
    expect(plan.files.filter(({ change }) => change === 'changed')).toEqual([
      { file: name, change: 'changed', needs: 'reload', diff: null },
    ]);
  });

  it.each(['mosquitto.conf', 'jwt-public.der'])('needs a restart for %s, whatever else changed', (name) => {
    expect(planPush(current, changing(name, 'acl')).needs).toBe('restart');
  });

  it('sees a changed mode', () => {
    const next = current.map((known) => (known.name === 'acl' ? { ...known, mode: 0o644 } : known));
    expect(planPush(current, next).files.find((entry) => entry.file === 'acl')?.change).toBe('changed');
  });
});
