import { plantIdSchema } from '../../../shared/model/plant.ts';
import type { OperationContext } from '../../operations/context.ts';
import { chooseClientId, type DiagnosisPlan, diagnose, noteDiagnosis } from '../../operations/diagnose.ts';
import { planDiagnosis } from '../../operations/diagnose-connection.ts';
import { planPlantDiagnosis } from '../../operations/diagnose-plant.ts';
import type { BrokerViews } from '../broker-views.ts';
import type { Diagnoses } from '../diagnoses.ts';
import type { Implementer } from '../implementer.ts';
import type { LiveBrokers } from '../live-brokers.ts';
import type { LiveMonitors } from '../live-monitors.ts';
import type { ContextOf } from '../operation-context.ts';
import type { CallContext } from '../session.ts';

type Parts = {
  readonly contextOf: ContextOf;
  readonly diagnoses: Diagnoses;
  readonly brokers: LiveBrokers;
  readonly views: BrokerViews;
  readonly monitors: LiveMonitors;
};

/** A diagnosis tells names and addresses, so it is shown only while the vault is open. */
export function doctorHandlers({ doctor }: Implementer, { contextOf, diagnoses, brokers, views, monitors }: Parts) {
  const start = async (context: CallContext, planned: DiagnosisPlan) => {
    const operation = contextOf(context);
    const target = planned.broker && views.target(operation, planned.broker);
    const plan = await chooseClientId(planned, target);
    const { host, port, identity } = plan.patient;
    const who = identity.username ?? (identity.certificatePem === undefined ? 'nobody' : 'a certificate');
    const about = {
      subject: plan.subject,
      address: `${host.includes(':') ? `[${host}]` : host}:${port}`,
      identity: `${who} (client id ${identity.clientId})`,
    };
    const diagnosisId = diagnoses.start(about, async (onSteps) => {
      // One broker may be in the register twice, or be reached by another name.
      const known = operation.vault.brokers.list();
      const ends = known.map(({ brokerId }) => brokers.ownLogins.begin(brokerId, identity.clientId));
      const findings = await diagnose(operation, plan, target, {
        onSteps,
        onSend: (topic, payload) => {
          for (const { brokerId } of known) monitors.ownMessages.noteSent(brokerId, topic, payload);
        },
        clockAheadMs: () => clockAheadMs(operation, plan.about),
      }).finally(() => {
        for (const end of ends) end();
      });
      noteDiagnosis(operation, plan, findings);
      return findings;
    });
    return { diagnosisId };
  };

  /** Of a plant that the console hears. */
  const clockAheadMs = ({ clock }: OperationContext, about: string): number | undefined => {
    const plantId = plantIdSchema.safeParse(about).data;
    const heard = plantId ? monitors.plantWatches.factsOf(plantId, clock.now().getTime()) : [];
    return heard.find(({ facts }) => facts.clockOff.count > 0)?.facts.clockOff.aheadMs;
  };

  return {
    diagnosePlant: doctor.diagnosePlant.handler(({ input: { plantId, ...permissions }, context }) =>
      start(context, planPlantDiagnosis(contextOf(context), plantId, permissions)),
    ),
    diagnose: doctor.diagnose.handler(({ input: { connection, ...permissions }, context }) =>
      start(context, planDiagnosis(contextOf(context), connection, permissions)),
    ),
    get: doctor.get.handler(({ input, context }) => {
      contextOf(context);
      return diagnoses.get(input.diagnosisId);
    }),
    watch: doctor.watch.handler(({ input, context, signal }) => {
      contextOf(context);
      return diagnoses.watch(input.diagnosisId, signal);
    }),
  };
}
