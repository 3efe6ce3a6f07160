import { useForm } from '@mantine/form';
import { type Device, deviceInputSchema } from '../../../../shared/model/device.ts';
import { validateWith } from '../../../ui/validate-with.ts';
import { hasSecret } from '../../ssh/login.ts';
import { type DeviceValues, inputOf, valuesOf } from './device-values.ts';

/** The form of a device, checked by the contract's own schema. A login is needed once. */
export const useDeviceForm = (device: Device | null) =>
  useForm<DeviceValues>({
    initialValues: valuesOf(device),
    validate: (values) => {
      const errors = validateWith(deviceInputSchema, inputOf)(values);
      if (!hasSecret(values.login) && values.login.kind !== device?.authentication) {
        errors[values.login.kind === 'password' ? 'login.password' : 'login.privateKeyPem'] = 'needed the first time';
      }
      return errors;
    },
  });

export type DeviceForm = ReturnType<typeof useDeviceForm>;
