// The first two steps: the patient's name becomes addresses, and one of them a connection.

import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Evidence } from '../../../shared/model/doctor.ts';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { type Examined, errorEvidence } from './examined.ts';
import { answers, knock, lookUp } from './network.ts';
import { type Patient, type Suspicion, suspect } from './patient.ts';

/** Of the other ports of a host that answered. */
const otherPortMs = 1500;

/** The addresses to try. */
export async function stepName(examined: Examined): Promise<readonly string[] | undefined> {
  const { patient, book, timeoutMs } = examined;
  const { host, openStream } = patient;
  if (openStream) {
    book.set('name', 'notApplicable', 'The broker is reached over another host, which knows its address.');
    return [host];
  }
  if (isIP(host) !== 0) {
    book.set('name', 'notApplicable', 'An address was given.');
    return [host];
  }
  book.set('name', 'running', `Looking up ${host}.`);
  const found = await lookUp(host, timeoutMs);
  if ('addresses' in found) {
    const evidence = found.addresses.map((value) => ({ label: 'Address', value }));
    book.set('name', 'passed', `${host} is ${found.addresses.join(', ')}.`, evidence);
    return found.addresses;
  }
  const code = found.errorCode === 'ENOTFOUND' || found.errorCode === 'ENODATA' ? 'name/unknown' : 'name/lookup-failed';
  book.fail('name', [suspect(code, host)], `${host} could not be looked up.`, [errorEvidence(found.errorCode)]);
  return undefined;
}

export async function stepTcp(examined: Examined, addresses: readonly string[]): Promise<Duplex | undefined> {
  const { patient, book, streams, timeoutMs } = examined;
  const { port, openStream } = patient;
  book.set('tcp', 'running', `Connecting to port ${port}.`);
  if (openStream) return await way(examined, openStream);
  const evidence: Evidence[] = [];
  let firstError = '';
  for (const address of addresses) {
    const result = await knock(address, port, timeoutMs);
    if ('socket' in result) {
      evidence.push({ label: address, value: `port ${port} is open` });
      streams.address = address;
      streams.keep(result.socket);
      book.set('tcp', 'passed', `Connected to ${address}, port ${port}.`, evidence);
      return result.socket;
    }
    firstError ||= result.errorCode;
    evidence.push({ label: address, value: `port ${port}: ${result.errorCode}` });
  }
  const suspicion = await judgeTcp(examined, firstError, addresses[0] ?? patient.host, evidence);
  book.fail('tcp', [suspicion], `Port ${port} cannot be connected to.`, evidence);
  return undefined;
}

async function way(examined: Examined, openStream: NonNullable<Patient['openStream']>): Promise<Duplex | undefined> {
  const { patient, book, streams } = examined;
  try {
    const stream = await streams.overHost(openStream);
    book.set('tcp', 'passed', `Connected to port ${patient.port} over the broker's host.`);
    return stream;
  } catch (error) {
    const evidence = error instanceof ConsoleError ? [errorEvidence(error.code)] : [];
    const because = error instanceof ConsoleError ? error.message : undefined;
    book.fail('tcp', [suspect('tcp/way-closed', because)], 'There is no way to the broker over its host.', evidence);
    return undefined;
  }
}

async function judgeTcp(examined: Examined, code: string, address: string, evidence: Evidence[]): Promise<Suspicion> {
  const { patient, around } = examined;
  if (code === 'ETIMEDOUT') return suspect('tcp/filtered');
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return suspect('tcp/no-route');
  if (code !== 'ECONNREFUSED') return suspect('tcp/failed', code);
  const { otherPorts, isTokenPort } = around;
  const others = otherPorts.filter(({ port }) => port !== patient.port);
  const asked = await Promise.all(
    others.map(async (other) => ({ ...other, isOpen: await answers(address, other.port, otherPortMs) })),
  );
  evidence.push(
    ...asked.map(({ port, what, isOpen }) => ({
      label: `Port ${port} (${what})`,
      value: isOpen ? 'open' : 'does not answer',
    })),
  );
  const open = asked.filter(({ isOpen }) => isOpen);
  const words = open.map(({ port, what }) => `${port} (${what})`).join(', ');
  if (open.length === 0) return suspect('tcp/broker-down');
  return isTokenPort
    ? suspect('tcp/token-listener-off', `open: ${words}`)
    : suspect('tcp/wrong-port', `open: ${words}`);
}
