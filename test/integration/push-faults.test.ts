// What may go wrong between the steps of a push, on a local mosquitto and on one behind a shell.

import { describe } from 'vitest';
import { brokerPlaces } from '../support/broker-places.ts';
import { itSurvivesPushFaults } from '../support/push-faults.ts';

const places = Object.entries(brokerPlaces).map(([name, open]) => ({ name, open }));

describe.each(places)('a push to a broker $name', ({ open }) => {
  itSurvivesPushFaults(open);
});
