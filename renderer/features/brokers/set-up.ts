import type { Broker } from '../../../shared/model/broker.ts';

/** Whether the operator entered all that the way to the broker needs; before that it cannot be looked at, nor pushed. */
export const isSetUp = ({ access }: Pick<Broker, 'access'>): boolean =>
  access === null || (access.hasLogin && access.hostKeys.every(({ confirmed }) => confirmed !== null));
