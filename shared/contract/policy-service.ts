// The service that brokers ask: mosquitto-go-auth's endpoints, on a listener of its own.

import { policyServiceSchema, policyServiceSettingsSchema } from '../model/policy-service.ts';
import { passive, procedure } from './base.ts';

const tags = ['Policy'];

export const policyServiceProcedures = {
  getService: passive
    .route({ method: 'GET', path: '/policy/service', tags, summary: 'The service that brokers ask' })
    .output(policyServiceSchema),
  configureService: procedure
    .route({ method: 'PUT', path: '/policy/service', tags, summary: 'Set it; it goes on with that when it runs' })
    .input(policyServiceSettingsSchema)
    .output(policyServiceSchema),
  startService: procedure
    .route({ method: 'POST', path: '/policy/service/start', tags, summary: 'Listen, now and after every unlock' })
    .output(policyServiceSchema),
  stopService: procedure
    .route({ method: 'POST', path: '/policy/service/stop', tags, summary: 'Listen no more; brokers that ask get none' })
    .output(policyServiceSchema),
};
