// Looking at a device before anything is brought there. An installation that was cut off there is ended at every look.

import { connectionFileSchema, deviceFileNames } from '../../shared/model/device-files.ts';
import { ConsoleError, isErrorCode } from '../../shared/model/errors.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import type { OverrulableCheck, PreflightCheck } from '../../shared/model/preflight.ts';
import { inspectCertificate } from '../authority/inspect.ts';
import type { DeviceLink } from '../device/device-link.ts';
import { type DeploymentFile, deviceFilesOf } from '../device/files.ts';
import { type DeviceContents, judgePreflight, type ValidityOf, withoutHashTool } from '../device/judge-preflight.ts';
import type { Mended } from '../device/mend.ts';
import type { DeviceState } from '../device/read-state.ts';
import { audit, type OperationContext } from './context.ts';
import { openPackage } from './credential-lifecycle.ts';
import { deploymentSettings, onDevice } from './device-contact.ts';
import { noteDeviceState, readCertificate } from './device-states.ts';
import { requireDevice } from './devices.ts';
import { liveCredentials } from './plants.ts';

/** The checklist of a plant's device. Throws `device/not-found` and what connecting throws. */
export async function preflightPlant(context: OperationContext, plantId: PlantId): Promise<PreflightCheck[]> {
  const [newest] = liveCredentials(context, plantId);
  const files = newest?.secretsAvailable ? deviceFilesOf(openPackage(context, newest)) : [];
  return await onDevice(context, plantId, (device) => checkDevice(context, plantId, device, files));
}

/** The same over a connection that is there, for these files. */
export async function checkDevice(
  context: OperationContext,
  plantId: PlantId,
  device: DeviceLink,
  files: readonly DeploymentFile[],
): Promise<PreflightCheck[]> {
  const { directory, owner } = deploymentSettings(requireDevice(context, plantId));
  const look = () => device.observe(directory, deviceFileNames, owner);
  try {
    let observed = await look();
    const wasCutOff = observed.state.installation === 'cutOff';
    if (wasCutOff) {
      await endCutOff(context, plantId, device, directory);
      observed = await look();
    }
    const checks = judgePreflight(observed, {
      now: context.clock.now(),
      validities: validitiesOf(context, files),
      bytes: files.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0),
      owner,
      contents: contentsOf(context, plantId, observed.state),
    });
    return wasCutOff ? checks.map(sayMended) : checks;
  } catch (error) {
    if (error instanceof ConsoleError && error.code === 'device/tool-missing') return withoutHashTool();
    throw error;
  }
}

/** Throws the code of the first refusal that is not overruled. */
export function requirePassed(checks: readonly PreflightCheck[], overruled: readonly OverrulableCheck[]): void {
  const refusal = checks.find(({ id, verdict }) => verdict === 'refused' && !overruled.some((name) => name === id));
  if (!refusal) return;
  const code = refusal.code !== null && isErrorCode(refusal.code) ? refusal.code : 'device/install-failed';
  throw new ConsoleError(code, { because: refusal.sentence, details: { check: refusal.id, ...refusal.facts } });
}

/** Ends what was cut off on the device, and says how. */
export async function endCutOff(
  context: OperationContext,
  plantId: PlantId,
  device: DeviceLink,
  directory: string,
): Promise<Mended> {
  const mended = await device.mend(directory, deviceFileNames);
  audit(context, 'device.mend', plantId, { mended });
  return mended;
}

const sayMended = (check: PreflightCheck): PreflightCheck =>
  check.id === 'installation' && check.verdict === 'ok'
    ? {
        ...check,
        verdict: 'attention',
        sentence:
          'An earlier installation had been cut off there; it was ended, and the device holds a whole set again.',
      }
    : check;

/** Certificates that the device's clock must lie within: its own, and the authority by which it trusts a broker. */
function validitiesOf(context: OperationContext, files: readonly DeploymentFile[]): ValidityOf[] {
  const authority = context.vault.authorities.current();
  const own = files.find(({ name }) => name === 'device.crt');
  return [
    ...(own ? [{ what: 'its certificate', ...inspectCertificate(own.content) }] : []),
    ...(authority
      ? [
          {
            what: 'the authority',
            notBefore: new Date(authority.notBefore),
            notAfter: new Date(authority.notAfter),
          },
        ]
      : []),
  ];
}

/** Whose set lies there; what the device told is remembered. */
function contentsOf(context: OperationContext, plantId: PlantId, state: DeviceState): DeviceContents {
  const known = noteDeviceState(context, plantId, state);
  const certificate = readCertificate(state);
  const holder = known.credentialId !== null ? plantId : holderOf(state, certificate?.subject ?? '');
  const whose =
    state.files.length === 0
      ? 'nobody'
      : holder === plantId
        ? 'thisPlant'
        : holder === null
          ? 'unknown'
          : 'anotherPlant';
  return {
    whose,
    plantId: holder,
    certificateFingerprint: certificate?.fingerprint ?? null,
    certificateSubject: certificate?.subject ?? null,
    certificateNotAfter: certificate?.notAfter ?? null,
  };
}

/** The plant that the public files name: the certificate by its common name, or `connection.json`. */
function holderOf({ connectionJson }: DeviceState, subject: string): string | null {
  const named = /(?:^|[/,+ ])CN ?= ?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:$|[/,+])/i.exec(subject)?.[1];
  if (named !== undefined) return named.toLowerCase();
  try {
    return connectionFileSchema.parse(JSON.parse(connectionJson ?? '')).plantId;
  } catch {
    return null;
  }
}

/** Sets the device's clock by this console's. Throws `device/clock-not-set` and what connecting throws. */
export async function setDeviceClock(context: OperationContext, plantId: PlantId): Promise<{ deviceClock: string }> {
  const after = await onDevice(context, plantId, (device) => device.setClock(context.clock.now()));
  const deviceClock = after.toISOString();
  audit(context, 'device.set-clock', plantId, { deviceClock });
  return { deviceClock };
}
