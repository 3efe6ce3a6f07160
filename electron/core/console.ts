// The core: all rooms wired together behind the contract. Hosts hand calls in and know nothing else of it.

import { join } from 'node:path';
import type { HostNotice } from '../../shared/model/host-notice.ts';
import { noteCutOffCampaigns } from '../operations/campaigns.ts';
import { type ChangedPart, handshakesPerHost, type OperationContext } from '../operations/context.ts';
import { hasCutOffAuthorityImport, undoCutOffAuthorityImport } from '../operations/import-authority.ts';
import { hasCutOffImport, undoCutOffImport } from '../operations/import-plants.ts';
import { PracticeFleet } from '../operations/practice-fleet.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { KeyedTurns } from '../platform/keyed-turns.ts';
import type { Logger } from '../platform/log.ts';
import { Mutex } from '../platform/mutex.ts';
import type { OpenVault } from '../vault/rows.ts';
import type { VaultFileOptions } from '../vault/vault.ts';
import { isForgedAlarm } from './alert-forgery.ts';
import { Alerts } from './alerts.ts';
import { BrokerViews } from './broker-views.ts';
import { BrokersFollow } from './brokers-follow.ts';
import { Campaigns } from './campaigns.ts';
import { ChangeHub } from './change-hub.ts';
import { Diagnoses } from './diagnoses.ts';
import { ExpiryWatch } from './expiry-watch.ts';
import { FleetView } from './fleet-view.ts';
import { alertsHandlers } from './handlers/alerts.ts';
import { auditHandlers } from './handlers/audit.ts';
import { authorityHandlers } from './handlers/authority.ts';
import { authorityImportHandlers } from './handlers/authority-import.ts';
import { brokersHandlers } from './handlers/brokers.ts';
import { campaignsHandlers } from './handlers/campaigns.ts';
import { deploymentHandlers, devicesHandlers } from './handlers/deployments.ts';
import { doctorHandlers } from './handlers/doctor.ts';
import { fleetHandlers } from './handlers/fleet.ts';
import { handoversHandlers } from './handlers/handovers.ts';
import { jobsHandlers } from './handlers/jobs.ts';
import { monitorHandlers } from './handlers/monitor.ts';
import { offlineHandlers } from './handlers/offline.ts';
import { plantsHandlers } from './handlers/plants.ts';
import { policyHandlers } from './handlers/policy.ts';
import { policyAnalysisHandlers } from './handlers/policy-analysis.ts';
import { policyBrokerHandlers } from './handlers/policy-broker.ts';
import { practiceHandlers } from './handlers/practice.ts';
import { publishHandlers } from './handlers/publish.ts';
import { recordingsHandlers } from './handlers/recordings.ts';
import { rolloverHandlers } from './handlers/rollover.ts';
import { type Change, systemHandlers } from './handlers/system.ts';
import { vaultHandlers } from './handlers/vault.ts';
import { createImplementer } from './implementer.ts';
import { Jobs } from './jobs.ts';
import { LiveBrokers } from './live-brokers.ts';
import { LiveMonitors } from './live-monitors.ts';
import { LivePolicy } from './live-policy.ts';
import { LiveRecordings } from './live-recordings.ts';
import { LiveReplays } from './live-replays.ts';
import { LiveSessions } from './live-sessions.ts';
import type { ContextOf } from './operation-context.ts';
import { PushRecoveries } from './push-recoveries.ts';
import { Reservations } from './reservations.ts';
import { VaultKeeper } from './vault-keeper.ts';

export const vaultFileName = 'vault.voke';

export type ConsoleOptions = {
  /** Absolute; made private when it is not there. */
  readonly dataDirectory: string;
  readonly version: string;
  readonly logger: Logger;
  readonly clock?: Clock;
  /** Where a Mosquitto on this machine finds its JWT plugin; left out, the usual places are searched. */
  readonly jwtPlugin?: string;
  /** Shows something outside of the window, where the host can. */
  readonly notify?: (notice: HostNotice) => void;
  /** Passed to the vault file; see there. */
  readonly weakKdfForTestsOnly?: NonNullable<VaultFileOptions['weakKdfForTestsOnly']>;
};

export class ConsoleCore {
  /** Implements the contract; every call brings its CallContext. */
  readonly router: ReturnType<typeof wireRouter>;
  readonly #jobs: Jobs;
  readonly #keeper: VaultKeeper;
  readonly #brokers: LiveBrokers;
  readonly #monitors: LiveMonitors;
  readonly #recordings: LiveRecordings;
  readonly #replays: LiveReplays;
  readonly #fleet: PracticeFleet;
  readonly #fleetView: FleetView;
  readonly #campaigns: Campaigns;
  readonly #expiries: ExpiryWatch;
  readonly #alerts: Alerts;
  readonly #policy: LivePolicy;

  constructor(options: ConsoleOptions) {
    const { dataDirectory, version, logger, clock = systemClock } = options;
    const changes = new ChangeHub<Change>();
    const jobs = new Jobs({ clock, logger });
    this.#jobs = jobs;
    this.#keeper = new VaultKeeper({
      file: {
        path: join(dataDirectory, vaultFileName),
        ...(options.weakKdfForTestsOnly && { weakKdfForTestsOnly: options.weakKdfForTestsOnly }),
      },
      clock,
      logger,
      isBusy: () => jobs.areRunning() || this.#campaigns.areAtWork() || this.#recordings.areRunning(),
      onChange: (state) => {
        // A locked console shows nothing live and keeps no key of its own; brokers and practice plant go on.
        if (state !== 'unlocked') {
          Promise.all([this.#replays.close(), this.#monitors.close()]).catch((error: unknown) => {
            logger.warn('what was live could not be ended', { error });
          });
          this.#fleetView.forget();
          this.#alerts.rest();
        }
        changes.publish({ changed: 'vault' });
        const vault = this.#keeper.open();
        if (!vault) return;
        this.#monitors.plantWatches.noteRegister();
        this.#policy.followSoon();
        recoverAll(contextFor(vault, 'console'));
        void this.#expiries.look();
        this.#recordings.noteAll(contextFor(vault, 'console')).catch((error: unknown) => {
          logger.warn('the ends of recordings could not be written down', { error });
        });
      },
    });

    const lifecycle = new Mutex();
    const handshakes = new KeyedTurns(handshakesPerHost);
    const tellChanged = (part: ChangedPart) => {
      changes.publish({ changed: part });
      if (part === 'authority' || part === 'policy') this.#policy.followSoon();
      if (part === 'plants' || part === 'authority') this.#fleetView.noteChange();
    };
    const contextFor = (vault: OpenVault, actor: string): OperationContext => ({
      vault,
      clock,
      actor,
      changed: (part) => {
        tellChanged(part);
        if (part === 'plants') this.#monitors.plantWatches.noteRegister();
      },
      exclusively: (work) => lifecycle.run(work),
      handshakes,
    });
    const contextOf: ContextOf = ({ session }) => contextFor(this.#keeper.require(), session.actor);

    this.#brokers = new LiveBrokers({
      dataDirectory,
      clock,
      ...(options.jwtPlugin !== undefined && { jwtPlugin: options.jwtPlugin }),
    });
    this.#monitors = new LiveMonitors({
      clock,
      logger,
      onListen: (broker, monitor, settings) => this.#alerts.listen(broker, monitor, settings),
      context: () => {
        const vault = this.#keeper.open();
        // What it hears changes plants all the time, and never which ones there are.
        return vault && { ...contextFor(vault, 'monitor'), changed: tellChanged };
      },
    });
    this.#fleetView = new FleetView({ monitors: this.#monitors, brokers: this.#brokers, logger });
    const recordingsFolder = join(dataDirectory, 'recordings');
    this.#recordings = new LiveRecordings({
      folder: recordingsFolder,
      monitors: this.#monitors,
      clock,
      logger,
      context: () => {
        const vault = this.#keeper.open();
        return vault && contextFor(vault, 'console');
      },
    });
    this.#replays = new LiveReplays({
      folder: recordingsFolder,
      monitors: this.#monitors,
      brokers: this.#brokers,
      logger,
    });
    this.#expiries = new ExpiryWatch({
      logger,
      context: () => {
        const vault = this.#keeper.open();
        return vault && contextFor(vault, 'console');
      },
      notify: options.notify ?? (() => {}),
    });
    this.#alerts = new Alerts({
      clock,
      logger,
      brokers: this.#brokers,
      monitors: this.#monitors,
      isForged: (brokerId, message) => isForgedAlarm(this.#monitors, brokerId, message),
      isPlant: (plantId) => this.#monitors.plantWatches.isPlant(plantId),
      isOwn: (brokerId, message) => this.#monitors.ownMessages.includes(brokerId, message),
      context: () => {
        const vault = this.#keeper.open();
        return vault && contextFor(vault, 'console');
      },
      notify: options.notify ?? (() => {}),
    });
    this.#policy = new LivePolicy({
      clock,
      logger,
      onChange: () => changes.publish({ changed: 'policy' }),
      context: () => {
        const vault = this.#keeper.open();
        return vault && contextFor(vault, 'console');
      },
    });
    this.#fleet = new PracticeFleet({ clock, logger, onChange: () => changes.publish({ changed: 'practice' }) });

    const recoveries = new PushRecoveries({ clock, jobs, brokers: this.#brokers });
    const recoverAll = (context: OperationContext) => {
      recoveries.startAll(context);
      noteCutOffCampaigns(context);
      if (hasCutOffAuthorityImport(context)) {
        jobs.start('import', 'Authority of an import that was cut off', 1, (step) =>
          step('Take it out again', () => undoCutOffAuthorityImport(context)),
        );
      }
      if (!hasCutOffImport(context)) return;
      jobs.start('import', 'Plants of an import that was cut off', 1, (step) =>
        step('Take them out again', () => undoCutOffImport(context)),
      );
    };

    const views = new BrokerViews({ clock, live: this.#brokers, recoveries });
    const sessions = new LiveSessions(this.#monitors, this.#brokers);
    const deployments = new Reservations('device/deployment-running');
    this.#campaigns = new Campaigns({
      logger,
      sessions,
      deployments,
      brokers: new BrokersFollow(this.#brokers, views),
    });

    this.router = wireRouter({
      keeper: this.#keeper,
      clock,
      logger,
      contextOf,
      jobs,
      brokers: this.#brokers,
      views,
      monitors: this.#monitors,
      recordings: this.#recordings,
      replays: this.#replays,
      recordingsFolder,
      sessions,
      deployments,
      campaigns: this.#campaigns,
      diagnoses: new Diagnoses({ clock, logger }),
      fleet: this.#fleet,
      fleetView: this.#fleetView,
      alerts: this.#alerts,
      policy: this.#policy,
      about: { version, dataDirectory },
      changes,
    });
  }

  /** For the host: the screen was locked, or the last window closed. */
  lock(reason: string): void {
    this.#keeper.lock(reason);
  }

  /** Stops everything that this console started, and locks the vault. */
  async close(): Promise<void> {
    this.#expiries.close();
    this.#alerts.close();
    await Promise.all([this.#jobs.close(), this.#campaigns.close()]);
    await Promise.allSettled([this.#recordings.close(), this.#replays.close()]);
    await Promise.allSettled([this.#monitors.close(), this.#fleet.stop(), this.#brokers.close(), this.#policy.close()]);
    this.#keeper.close();
  }
}

function wireRouter(parts: {
  keeper: VaultKeeper;
  clock: Clock;
  logger: Logger;
  contextOf: ContextOf;
  jobs: Jobs;
  brokers: LiveBrokers;
  views: BrokerViews;
  monitors: LiveMonitors;
  recordings: LiveRecordings;
  replays: LiveReplays;
  recordingsFolder: string;
  sessions: LiveSessions;
  deployments: Reservations;
  campaigns: Campaigns;
  diagnoses: Diagnoses;
  fleet: PracticeFleet;
  fleetView: FleetView;
  alerts: Alerts;
  policy: LivePolicy;
  about: { readonly version: string; readonly dataDirectory: string };
  changes: ChangeHub<Change>;
}) {
  const {
    keeper,
    clock,
    logger,
    contextOf,
    jobs,
    brokers,
    views,
    monitors,
    deployments,
    campaigns,
    policy,
    about,
    changes,
  } = parts;
  const os = createImplementer({ logger, onPresence: () => keeper.touch() });
  return os.router({
    system: systemHandlers(os, about, changes),
    vault: vaultHandlers(os, contextOf, keeper, clock),
    authority: { ...authorityHandlers(os, contextOf, deployments), ...authorityImportHandlers(os, contextOf) },
    rollover: rolloverHandlers(os, parts),
    plants: {
      ...plantsHandlers(os, parts),
      ...deploymentHandlers(os, parts),
    },
    devices: devicesHandlers(os, parts),
    campaigns: campaignsHandlers(os, contextOf, campaigns),
    offline: offlineHandlers(os, contextOf, deployments),
    brokers: brokersHandlers(os, contextOf, jobs, brokers, views, monitors),
    policy: policyHandlers(os, contextOf, policy),
    jobs: jobsHandlers(os, contextOf, jobs),
    policyAnalysis: policyAnalysisHandlers(os, contextOf),
    policyBroker: policyBrokerHandlers(os, contextOf),
    publish: publishHandlers(os, parts),
    monitor: monitorHandlers(os, contextOf, monitors),
    recordings: recordingsHandlers(os, parts),
    fleet: fleetHandlers(os, parts),
    handovers: handoversHandlers(os, parts),
    doctor: doctorHandlers(os, parts),
    practice: practiceHandlers(os, parts),
    alerts: alertsHandlers(os, contextOf, parts.alerts),
    audit: auditHandlers(os, contextOf),
  });
}
