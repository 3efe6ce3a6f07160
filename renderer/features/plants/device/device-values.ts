// What the form of a device holds, and what the contract takes. What does not fit a choice stays in its field, so that
// choosing another one and back loses nothing.

import {
  type Device,
  type DeviceRights,
  type DeviceTransport,
  defaultDeviceDirectory,
} from '../../../../shared/model/device.ts';
import { emptyLogin, hasSecret, type LoginValues, loginOf } from '../../ssh/login.ts';

/** A number field is empty while it is typed in. */
type PortValue = number | string;

export type DeviceValues = {
  host: string;
  port: PortValue;
  username: string;
  login: LoginValues;
  directory: string;
  transport: DeviceTransport;
  rights: DeviceRights;
  rightsPassword: string;
  owner: string;
  restartCommand: string;
  hasJump: boolean;
  jump: { host: string; port: PortValue; username: string };
  hasOwnJumpLogin: boolean;
  jumpLogin: LoginValues;
  allowsLegacyAlgorithms: boolean;
};

/** Secrets are never among them: what is stored stays unless it is entered anew. */
export const valuesOf = (device: Device | null): DeviceValues => ({
  host: device?.host ?? '',
  port: device?.port ?? 22,
  username: device?.username ?? 'root',
  login: emptyLogin(device?.authentication),
  directory: device?.directory ?? defaultDeviceDirectory,
  transport: device?.transport ?? 'shell',
  rights: device?.rights ?? 'login',
  rightsPassword: '',
  owner: device?.owner ?? '',
  restartCommand: device?.restartCommand ?? '',
  hasJump: device?.jump != null,
  jump: device?.jump ?? { host: '', port: 22, username: 'root' },
  hasOwnJumpLogin: device?.jumpAuthentication != null,
  jumpLogin: emptyLogin(device?.jumpAuthentication ?? undefined),
  allowsLegacyAlgorithms: device?.allowsLegacyAlgorithms ?? false,
});

/** Not judged yet: the contract's schema does that. */
export function inputOf({
  login,
  rights,
  rightsPassword,
  owner,
  restartCommand,
  hasJump,
  jump,
  hasOwnJumpLogin,
  jumpLogin,
  ...rest
}: DeviceValues) {
  return {
    ...rest,
    ...(hasSecret(login) && { login: loginOf(login) }),
    rights: rest.transport === 'shell' ? rights : 'login',
    ...(rest.transport === 'shell' && rights === 'sudo' && rightsPassword && { rightsPassword }),
    owner: owner.trim() || null,
    restartCommand: (rest.transport !== 'sftp' && restartCommand.trim()) || null,
    jump: hasJump ? jump : null,
    ...(hasJump && hasOwnJumpLogin && hasSecret(jumpLogin) && { jumpLogin: loginOf(jumpLogin) }),
  };
}
