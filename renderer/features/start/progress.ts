// How far a new vault has come on its way to the first telemetry; read off what the register says, never stored.

import type { Broker } from '../../../shared/model/broker.ts';
import type { Authority } from '../../../shared/model/certificate.ts';
import type { Plant } from '../../../shared/model/plant.ts';
import type { Screen } from '../../app/route.ts';

export type Known = {
  readonly authority: Authority | null;
  readonly brokers: readonly Broker[];
  readonly plants: readonly Plant[];
};

export type StartStep = {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly screen: Screen;
  readonly isDone: boolean;
};

/** The way from an empty vault to a plant's live telemetry, in order. */
export function startSteps({ authority, brokers, plants }: Known): readonly StartStep[] {
  const isProven = plants.some(({ status, lastSeenAt }) => status !== 'PENDING' || lastSeenAt !== null);
  return [
    {
      title: 'Make the authority',
      text: 'It signs the certificates of broker and plants.',
      action: 'Open Authority',
      screen: 'authority',
      isDone: authority !== null,
    },
    {
      title: 'Add a broker and push to it',
      text: 'The push brings it certificates, passwords and access rights.',
      action: 'Open Broker',
      screen: 'brokers',
      isDone: brokers.some(({ lastPushedAt }) => lastPushedAt !== null),
    },
    {
      title: 'Register the plants',
      text: 'One entry for each PLC, with the way it proves itself.',
      action: 'Open Plants',
      screen: 'plants',
      isDone: plants.length > 0,
    },
    {
      title: 'Provision and deploy',
      text: 'Issue a credential, bring it onto the device, and push the broker again.',
      action: 'Open Plants',
      screen: 'plants',
      isDone: isProven,
    },
    {
      title: 'See the first telemetry',
      text: 'Connect the live view and watch the plant publish.',
      action: 'Open Live topics',
      screen: 'live',
      isDone: plants.some(({ lastSeenAt }) => lastSeenAt !== null),
    },
  ];
}
