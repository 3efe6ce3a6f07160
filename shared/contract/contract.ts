// The one value from which the core, both hosts, the window, REST, OpenAPI and the test clients derive.

import { alertsContract } from './alerts.ts';
import { auditContract } from './audit.ts';
import { authorityContract } from './authority.ts';
import { brokersContract } from './brokers.ts';
import { campaignsContract } from './campaigns.ts';
import { devicesContract } from './deployments.ts';
import { doctorContract } from './doctor.ts';
import { fleetContract } from './fleet.ts';
import { handoversContract } from './handovers.ts';
import { jobsContract } from './jobs.ts';
import { monitorContract } from './monitor.ts';
import { offlineContract } from './offline.ts';
import { plantsContract } from './plants.ts';
import { policyContract } from './policy.ts';
import { policyAnalysisContract } from './policy-analysis.ts';
import { policyBrokerContract } from './policy-broker.ts';
import { practiceContract } from './practice.ts';
import { publishContract } from './publish.ts';
import { recordingsContract } from './recordings.ts';
import { rolloverContract } from './rollover.ts';
import { systemContract } from './system.ts';
import { vaultContract } from './vault.ts';

export const contract = {
  system: systemContract,
  vault: vaultContract,
  alerts: alertsContract,
  authority: authorityContract,
  rollover: rolloverContract,
  plants: plantsContract,
  brokers: brokersContract,
  devices: devicesContract,
  campaigns: campaignsContract,
  offline: offlineContract,
  jobs: jobsContract,
  policy: policyContract,
  policyAnalysis: policyAnalysisContract,
  policyBroker: policyBrokerContract,
  monitor: monitorContract,
  publish: publishContract,
  recordings: recordingsContract,
  fleet: fleetContract,
  handovers: handoversContract,
  doctor: doctorContract,
  practice: practiceContract,
  audit: auditContract,
};
export type Contract = typeof contract;
