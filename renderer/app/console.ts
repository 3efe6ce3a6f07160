// All that the window knows, put together once: a store for each feature, fed by the transport and by nothing else.

import { createStore, type StoreApi } from 'zustand/vanilla';
import { type AlertsStore, createAlertsStore } from '../features/alerts/store.ts';
import { type AuditStore, createAuditStore } from '../features/audit/store.ts';
import { createRolloverStore, type RolloverStore } from '../features/authority/rollover/store.ts';
import { type AuthorityStore, createAuthorityStore } from '../features/authority/store.ts';
import { type BrokersStore, createBrokersStore } from '../features/brokers/store.ts';
import { type CampaignsStore, createCampaignsStore } from '../features/deployments/campaigns/store.ts';
import { createOfflineStore, type OfflineStore } from '../features/deployments/offline/store.ts';
import { createDoctorStore, type DoctorStore } from '../features/doctor/store.ts';
import { createFleetStore, type FleetStore } from '../features/fleet/store.ts';
import { createHandoversStore, type HandoversStore } from '../features/handover/store.ts';
import { createJobsStore, type JobsStore } from '../features/jobs/store.ts';
import { createPlotsStore, type PlotsStore } from '../features/monitor/plots/store.ts';
import { createRecordingsStore, type RecordingsStore } from '../features/monitor/recordings/store.ts';
import { createMonitorStore, type MonitorStore } from '../features/monitor/store.ts';
import { createPlantDetailStore, type PlantDetailStore } from '../features/plants/detail-store.ts';
import { createPlantsStore, type PlantsStore } from '../features/plants/store.ts';
import { createPolicyStore, type PolicyStore } from '../features/policy/store.ts';
import { createPracticeStore, type PracticeStore } from '../features/practice/store.ts';
import { createVaultStore, type VaultStore } from '../features/vault/store.ts';
import type { ConnectionState, ConsoleClient, Transport } from '../transport.ts';
import { type ChangeTopic, followChanges } from './changes.ts';
import { ask, coalesce, type Snapshot, waiting } from './snapshot.ts';

export type About = Awaited<ReturnType<ConsoleClient['system']['about']>>;
export type HostStore = { readonly connection: ConnectionState; readonly about: Snapshot<About> };

export type Console = {
  readonly client: ConsoleClient;
  readonly host: StoreApi<HostStore>;
  readonly vault: StoreApi<VaultStore>;
  readonly jobs: StoreApi<JobsStore>;
  readonly authority: StoreApi<AuthorityStore>;
  readonly rollover: StoreApi<RolloverStore>;
  readonly plants: StoreApi<PlantsStore>;
  readonly plantDetail: StoreApi<PlantDetailStore>;
  readonly brokers: StoreApi<BrokersStore>;
  readonly offline: StoreApi<OfflineStore>;
  readonly campaigns: StoreApi<CampaignsStore>;
  readonly monitor: StoreApi<MonitorStore>;
  readonly plots: StoreApi<PlotsStore>;
  readonly recordings: StoreApi<RecordingsStore>;
  readonly fleet: StoreApi<FleetStore>;
  readonly doctor: StoreApi<DoctorStore>;
  readonly handovers: StoreApi<HandoversStore>;
  readonly policy: StoreApi<PolicyStore>;
  readonly practice: StoreApi<PracticeStore>;
  readonly alerts: StoreApi<AlertsStore>;
  readonly audit: StoreApi<AuditStore>;
};

/** Builds the stores and keeps them up to date for as long as the window lives. */
export function createConsole({ client, onState }: Transport): Console {
  const host = createStore<HostStore>(() => ({ connection: 'connecting', about: waiting }));
  const stores = {
    vault: createVaultStore(client),
    jobs: createJobsStore(client),
    authority: createAuthorityStore(client),
    rollover: createRolloverStore(client),
    plants: createPlantsStore(client),
    plantDetail: createPlantDetailStore(client),
    brokers: createBrokersStore(client),
    offline: createOfflineStore(client),
    campaigns: createCampaignsStore(client),
    monitor: createMonitorStore(client),
    plots: createPlotsStore(client),
    recordings: createRecordingsStore(client),
    fleet: createFleetStore(client),
    doctor: createDoctorStore(client),
    handovers: createHandoversStore(client),
    policy: createPolicyStore(client),
    practice: createPracticeStore(client),
    alerts: createAlertsStore(client),
    audit: createAuditStore(client),
  };
  const {
    vault: _vault,
    jobs: _jobs,
    monitor: _monitor,
    plots: _plots,
    doctor: _doctor,
    fleet: _fleet,
    ...register
  } = stores;
  const refreshAuthority = () => void stores.authority.getState().refresh();
  const refreshPlants = () => {
    refreshAuthority();
    void stores.plants.getState().refresh();
    void stores.plantDetail.getState().refresh();
    void stores.offline.getState().refresh();
  };

  const isUnlocked = () => {
    const { vault } = stores.vault.getState();
    return vault.status === 'ready' && vault.value === 'unlocked';
  };
  /** Asks for everything when the vault is open; forgets everything when it is not. */
  const refreshAll = coalesce(async () => {
    await stores.vault.getState().refresh();
    const { vault } = stores.vault.getState();
    if (vault.status === 'failed') return;
    if (isUnlocked()) for (const store of Object.values(register)) void store.getState().refresh();
  });
  stores.vault.subscribe(({ vault }, before) => {
    if (vault.status !== 'ready' || vault === before.vault) return;
    const wasUnlocked = before.vault.status === 'ready' && before.vault.value === 'unlocked';
    if (vault.value !== 'unlocked') {
      for (const store of [
        ...Object.values(register),
        stores.jobs,
        stores.monitor,
        stores.plots,
        stores.doctor,
        stores.fleet,
      ])
        store.getState().reset();
    } else if (!wasUnlocked) {
      for (const store of Object.values(register)) void store.getState().refresh();
    }
  });

  stores.monitor.subscribe(({ connection }, before) => {
    if (connection.state === 'connected' && before.connection.state !== 'connected') stores.plots.getState().renew();
  });

  const onChange: Record<ChangeTopic, () => void> = {
    vault: () => void stores.vault.getState().refresh(),
    alerts: () => void stores.alerts.getState().refresh(),
    authority: refreshAuthority,
    plants: refreshPlants,
    brokers: () => {
      refreshAuthority();
      void stores.brokers.getState().refresh();
    },
    devices: refreshPlants,
    practice: () => void stores.practice.getState().refresh(),
    jobs: () => {},
    campaigns: () => void stores.campaigns.getState().refresh(),
    policy: () => void stores.policy.getState().refresh(),
    recordings: () => void stores.recordings.getState().refresh(),
    handovers: () => void stores.handovers.getState().refresh(),
  };
  const heard = (topic: ChangeTopic) => {
    if (topic !== 'vault' && !isUnlocked()) return;
    onChange[topic]();
  };

  let following: AbortController | null = null;
  onState((connection) => {
    host.setState({ connection });
    following?.abort();
    if (connection !== 'open') return;
    following = new AbortController();
    void ask(() => client.system.about()).then((about) => host.setState({ about }));
    void followChanges(client, { heard, listening: () => void refreshAll(), signal: following.signal });
  });
  return { client, host, ...stores };
}
