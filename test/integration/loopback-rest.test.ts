// The REST side of the loopback host: what HTTP adds to the contract.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { RendererFiles } from '../../electron/host-common/renderer-files.ts';
import { LoopbackHost } from '../../electron/host-loopback/loopback-host.ts';
import { silentLogger } from '../../electron/platform/log.ts';
import { fakeCore, fakePassphrase, fakePlantId } from '../support/fake-core.ts';
import { type RunningLoopback, startLoopback } from '../support/loopback.ts';

const problem = 'application/problem+json';
const missingPlant = `/api/v1/plants/${fakePlantId}`;

/** A multipart form with a file of `size` bytes, as a browser would send it. */
function restoreForm(loopback: RunningLoopback, size: number): Promise<Response> {
  const form = new FormData();
  form.set('passphrase', fakePassphrase);
  form.set('backup', new File([new Uint8Array(size)], 'vault.voke'));
  return fetch(`${loopback.origin}/api/v1/vault/restore`, { method: 'POST', headers: loopback.bearer, body: form });
}

describe('failures', () => {
  test('are problem details with the code, the sentence and the details', async () => {
    const loopback = await startLoopback(fakeCore());
    const answer = await loopback.call('GET', missingPlant);
    expect(answer.headers['content-type']).toBe(problem);
    expect(answer.json).toEqual({
      type: 'urn:voke:error:plant/not-found',
      title: 'There is no plant with this id.',
      status: 404,
      detail: 'There is no plant with this id.',
      code: 'plant/not-found',
      details: { asked: true },
    });
    expect(answer.status).toBe(404);
  });

  test('name the field that did not fit', async () => {
    const loopback = await startLoopback(fakeCore());
    const answer = await loopback.call('POST', '/api/v1/plants', { name: '', authMethod: 'PASSWORD' });
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({
      code: 'input/invalid',
      errors: [{ field: 'name', message: 'must not be empty' }],
    });
  });

  test('a bug says nothing about itself, neither to the caller nor with a stack', async () => {
    const loopback = await startLoopback(fakeCore());
    const answer = await loopback.call('POST', '/api/v1/vault/lock');
    expect(answer.status).toBe(500);
    expect(answer.json).toMatchObject({ code: 'internal/unexpected' });
    expect(answer.text).not.toMatch(/secret|TypeError|\.ts/);
  });

  test.each([
    ['application/json', '{"passphrase":"correct horse'],
    ['application/json', 'null x'],
    ['multipart/form-data; boundary=x', 'no form'],
  ])('a malformed %s body is input/invalid', async (mediaType, body) => {
    const loopback = await startLoopback(fakeCore());
    const headers = { ...loopback.bearer, 'content-type': mediaType };
    const answer = await loopback.ask('/api/v1/vault/unlock', { method: 'POST', headers, body });
    expect(answer.headers['content-type']).toBe(problem);
    expect(JSON.parse(answer.text)).toMatchObject({ status: 400, code: 'input/invalid' });
    expect(answer.status).toBe(400);
    expect(answer.text + loopback.log.join('')).not.toContain('correct horse');
  });

  test('an unknown address is 404, a wrong method 405 with the right ones', async () => {
    const loopback = await startLoopback(fakeCore());
    const unknown = await loopback.call('GET', '/api/v1/nothing');
    expect(unknown).toMatchObject({ status: 404, json: { code: 'input/not-found' } });
    expect(unknown.headers['content-type']).toBe(problem);
    const wrong = await loopback.call('PUT', missingPlant);
    expect(wrong).toMatchObject({ status: 405, json: { code: 'input/method-not-allowed' } });
    expect(wrong.headers.allow).toBe('GET, PATCH, DELETE');
    const document = await loopback.call('POST', '/api/v1/openapi.json');
    expect(document).toMatchObject({ status: 405, headers: { allow: 'GET' } });
  });

  test("the window's own procedures have no address", async () => {
    const loopback = await startLoopback(fakeCore());
    for (const path of ['/api/v1/system/about', '/api/v1/vault/getIdleLock', '/api/v1/practice/get']) {
      expect((await loopback.call('POST', path)).status, path).toBe(404);
      expect((await loopback.call('GET', path)).status, path).toBe(404);
    }
  });
});

describe('bodies', () => {
  const tooLarge = `{"passphrase":"${'x'.repeat(1024 * 1024)}"}`;

  test('over 1 MiB are refused by their declared length', async () => {
    const loopback = await startLoopback(fakeCore());
    const headers = { ...loopback.bearer, 'content-type': 'application/json' };
    const answer = await loopback.ask('/api/v1/vault/unlock', { method: 'POST', headers, body: tooLarge });
    expect(answer.status).toBe(413);
    expect(answer.headers['content-type']).toBe(problem);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'input/too-large' });
  });

  test('over 1 MiB are refused when their length comes to light on the way', async () => {
    const loopback = await startLoopback(fakeCore());
    const headers = { ...loopback.bearer, 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
    const body = [Buffer.from(tooLarge.slice(0, 1000)), Buffer.from(tooLarge.slice(1000))];
    const answer = await loopback.ask('/api/v1/vault/unlock', { method: 'POST', headers, body });
    expect(answer.status).toBe(413);
  });

  test('of a restore may be larger', async () => {
    const core = fakeCore();
    const loopback = await startLoopback(core);
    const answer = await restoreForm(loopback, 3 * 1024 * 1024);
    expect(answer.status).toBe(200);
    expect(core.restored).toEqual([3 * 1024 * 1024]);
  });
});

describe('successes', () => {
  test('carry the status of the contract', async () => {
    const loopback = await startLoopback(fakeCore());
    const created = await loopback.call('POST', '/api/v1/plants', { name: 'Biogas 2', authMethod: 'MTLS' });
    expect(created).toMatchObject({ status: 201, json: { name: 'Biogas 2', plantId: fakePlantId } });
    const removed = await loopback.call('DELETE', missingPlant);
    expect(removed).toMatchObject({ status: 204, text: '' });
  });

  test('a file comes as itself', async () => {
    const loopback = await startLoopback(fakeCore());
    const answer = await loopback.ask('/api/v1/authority/ca.crt', { headers: loopback.bearer });
    expect(answer).toMatchObject({ status: 200, text: '-----BEGIN CERTIFICATE-----\n' });
    expect(answer.headers['content-type']).toBe('application/x-pem-file');
    expect(answer.headers['content-disposition']).toContain('filename="ca.crt"');
  });

  test('a download keeps its Content-Disposition', async () => {
    const loopback = await startLoopback(fakeCore());
    const answer = await loopback.ask(`${missingPlant}/provision/download`, { headers: loopback.bearer });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-disposition']).toBe('attachment; filename="plant.json"');
    expect(answer.headers['content-type']).toBe('application/json');
    expect(JSON.parse(answer.text)).toMatchObject({ plantId: fakePlantId });
  });
});

test('the OpenAPI document describes every route, its problem details and its bearer token', async () => {
  const loopback = await startLoopback(fakeCore());
  const { status, json } = await loopback.call('GET', '/api/v1/openapi.json');
  expect(status).toBe(200);
  const document = json as {
    openapi: string;
    servers: { url: string }[];
    security: unknown;
    paths: Record<string, Record<string, { responses: Record<string, unknown>; security?: unknown }>>;
    components: { securitySchemes: unknown; schemas: { ProblemDetails: { required: string[] } } };
  };
  expect(document.openapi).toMatch(/^3\.1/);
  expect(document.servers).toEqual([{ url: '/api/v1' }]);
  expect(document.security).toEqual([{ bearer: [] }]);
  expect(document.components.securitySchemes).toEqual({ bearer: { type: 'http', scheme: 'bearer' } });
  expect(document.components.schemas.ProblemDetails.required).toContain('code');
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  expect(operations.length).toBeGreaterThan(25);
  for (const { responses } of operations) expect(responses.default).toEqual({ $ref: '#/components/responses/Problem' });
  expect(document.paths['/health']?.get?.security).toEqual([]);
  expect(document.paths['/plants/{plantId}/provision']?.post?.responses['200']).toBeDefined();
  expect(document.paths['/system/about']).toBeUndefined();
});

test('a busy port is refused in words', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  const files = await RendererFiles.open('/nowhere');
  const monotonicMs = () => performance.now();
  const options = { core: fakeCore(), files, monotonicMs, logger: silentLogger, version: '1', actor: 'me' };
  await expect(new LoopbackHost({ ...options, port }).start()).rejects.toMatchObject({
    code: 'host/port-busy',
    details: { port },
  });
});
