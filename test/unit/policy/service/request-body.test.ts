import { describe, expect, it } from 'vitest';
import { actionsOf } from '../../../../electron/policy/service/access.ts';
import { readRequest } from '../../../../electron/policy/service/request-body.ts';

const json = (body: string) => readRequest('application/json; charset=utf-8', Buffer.from(body));
const form = (body: string) => readRequest('application/x-www-form-urlencoded', Buffer.from(body));
const status = (code: number) => expect.objectContaining({ status: code });

describe('a body', () => {
  it('means the same in both forms', () => {
    const fields = { username: 'a b', password: 'x.y.z', clientid: 'ü', topic: 'a/+/#', acc: 4 };
    expect(json(JSON.stringify(fields))).toEqual(fields);
    expect(form('username=a+b&password=x.y.z&clientid=%C3%BC&topic=a%2F%2B%2F%23&acc=4')).toEqual(fields);
    expect(json('{"acc":"2"}')).toEqual({ acc: 2 });
  });

  it('may be null, empty or of fields that nobody knows', () => {
    for (const request of [
      json('null'),
      json('{}'),
      json('{"x":1}'),
      form('x=1&&y'),
      readRequest(undefined, Buffer.of()),
    ])
      expect(request).toEqual({});
  });

  it.each(['{', '[]', '"a"', '1', '{"topic":null}', '{"acc":null}', '{"acc":true}', '{"acc":"-1"}', '{"acc":1e400}'])(
    '%s is no question',
    (body) => expect(() => json(body)).toThrow(status(400)),
  );

  it.each([
    '{"topic":"a","topic":"b"}',
    '{"topic":"a","t\\u006fpic":"b"}',
    '{"x":{},"acc":1,"acc":2}',
    '{"__proto__":1,"__proto__":2}',
    '{"a":"\\\\","a":1}',
  ])('%s has a field twice', (body) => expect(() => json(body)).toThrow('a field comes twice'));

  it('may hold whatever else is JSON', () => {
    const odd = { 'a":"b': ':{"', topic: '","topic":"{[\\', x: { topic: [{ topic: 1 }, ':'] }, '': '\\"' };
    expect(json(JSON.stringify(odd))).toEqual({ topic: odd.topic });
    expect(json(JSON.stringify({ x: '\\:'.repeat(60_000) }, null, 1))).toEqual({});
  });

  it.each(['topic=%', 'topic=%ff', 'acc=', 'acc=0x1', 'a=1&a=2', 'topic=a&t%6fpic=b'])('%s is no form', (body) =>
    expect(() => form(body)).toThrow(status(400)),
  );

  it('is taken for what it says it is', () => {
    expect(() => readRequest('text/plain', Buffer.from('{}'))).toThrow(status(415));
    expect(() => readRequest('application/json', Buffer.of(0xc3, 0x28))).toThrow(status(400));
    expect(json('{"__proto__":{"topic":"a"},"constructor":1}')).toEqual({});
  });
});

it('reads an access bit by bit, and none where a bit is unknown', () => {
  expect([1, 2, 3, 4, 5, 7].map(actionsOf)).toEqual([
    ['read'],
    ['publish'],
    ['read', 'publish'],
    ['subscribe'],
    ['read', 'subscribe'],
    ['read', 'publish', 'subscribe'],
  ]);
  for (const access of [0, 8, 9, 15, -1, 2 ** 32 + 1, 1.5]) expect(actionsOf(access)).toEqual([]);
});
