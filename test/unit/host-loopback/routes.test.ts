import { expect, test } from 'vitest';
import { methodsAt } from '../../../electron/host-loopback/routes.ts';

test.each([
  ['/api/v1/vault', ['GET']],
  ['/api/v1/plants', ['POST', 'GET']],
  ['/api/v1/plants/anything', ['GET', 'PATCH', 'DELETE']],
  ['/api/v1/plants/anything/revoke', ['POST']],
  ['/api/v1/plants/anything/nothing', []],
  ['/vault', []],
  ['/api/v1/authority/caXcrt', []],
])('%s answers %o', (path, methods) => {
  expect(methodsAt(path)).toEqual(methods);
});
