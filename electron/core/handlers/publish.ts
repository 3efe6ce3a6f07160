import type { CommandProgress } from '../../../shared/model/publish.ts';
import { requireBroker } from '../../operations/brokers.ts';
import { deleteTemplate, listTemplates, renameTemplate, saveTemplate } from '../../operations/publish-templates.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Implementer } from '../implementer.ts';
import type { Jobs } from '../jobs.ts';
import type { LiveBrokers } from '../live-brokers.ts';
import type { LiveMonitors } from '../live-monitors.ts';
import type { ContextOf } from '../operation-context.ts';
import type { PublishCall } from '../publish-call.ts';
import { Publishing } from '../publishing.ts';
import { RetainedMessages } from '../retained-messages.ts';
import type { CallContext } from '../session.ts';

type Parts = {
  readonly contextOf: ContextOf;
  readonly jobs: Jobs;
  readonly brokers: LiveBrokers;
  readonly monitors: LiveMonitors;
  readonly clock: Clock;
};

export function publishHandlers({ publish }: Implementer, { contextOf, jobs, brokers, monitors, clock }: Parts) {
  const publishing = new Publishing({ live: monitors, brokers, clock });
  const retained = new RetainedMessages({ live: monitors, brokers, jobs, clock });
  const callOf = (context: CallContext, brokerId: string): PublishCall => {
    const operation = contextOf(context);
    return {
      context: operation,
      sessionId: context.session.sessionId,
      broker: requireBroker(operation, brokerId),
    };
  };
  return {
    check: publish.check.handler(({ input, context }) =>
      publishing.check(callOf(context, input.brokerId), input.message),
    ),
    send: publish.send.handler(({ input, context }) =>
      publishing.send(callOf(context, input.brokerId), input.message, input.confirmation),
    ),
    checkCommand: publish.checkCommand.handler(({ input, context }) =>
      publishing.checkCommand(callOf(context, input.brokerId), input.command),
    ),
    command: publish.command.handler(({ input, context, signal }) =>
      publishing.command(callOf(context, input.brokerId), input.command, {
        confirmation: input.confirmation,
        timeoutSeconds: input.timeoutSeconds,
        signal: signal ?? new AbortController().signal,
      }),
    ),
    runCommand: publish.runCommand.handler(async ({ input, context, signal }) => {
      const { confirmation, timeoutSeconds } = input;
      const wish = { confirmation, timeoutSeconds, signal: signal ?? new AbortController().signal };
      const progress: CommandProgress[] = [];
      for await (const told of publishing.command(callOf(context, input.brokerId), input.command, wish)) {
        progress.push(told);
      }
      return { progress };
    }),
    listRetained: publish.listRetained.handler(({ input, context }) =>
      retained.list(callOf(context, input.brokerId), input.filter),
    ),
    deleteRetained: publish.deleteRetained.handler(({ input, context }) =>
      retained.delete(callOf(context, input.brokerId), input.filter, input.confirmation),
    ),
    cancelDeletion: publish.cancelDeletion.handler(({ input, context }) => {
      contextOf(context);
      retained.cancel(input.jobId);
    }),
    templates: publish.templates.handler(({ context }) => listTemplates(contextOf(context))),
    saveTemplate: publish.saveTemplate.handler(({ input: { templateId, ...content }, context }) =>
      saveTemplate(contextOf(context), content, templateId),
    ),
    renameTemplate: publish.renameTemplate.handler(({ input, context }) =>
      renameTemplate(contextOf(context), input.templateId, input.name),
    ),
    deleteTemplate: publish.deleteTemplate.handler(({ input, context }) =>
      deleteTemplate(contextOf(context), input.templateId),
    ),
  };
}
