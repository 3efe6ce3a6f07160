import { requireBroker } from '../../operations/brokers.ts';
import { deleteTemplate, listTemplates, renameTemplate, saveTemplate } from '../../operations/publish-templates.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Implementer } from '../implementer.ts';
import type { Jobs } from '../jobs.ts';
import type { LiveMonitors } from '../live-monitors.ts';
import type { ContextOf } from '../operation-context.ts';
import { type PublishCall, Publishing } from '../publishing.ts';
import type { CallContext } from '../session.ts';

type Parts = {
  readonly contextOf: ContextOf;
  readonly jobs: Jobs;
  readonly monitors: LiveMonitors;
  readonly clock: Clock;
};

export function publishHandlers({ publish }: Implementer, { contextOf, jobs, monitors, clock }: Parts) {
  const publishing = new Publishing({ live: monitors, clock });
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
    listRetained: publish.listRetained.handler(({ input, context }) =>
      publishing.listRetained(callOf(context, input.brokerId), input.filter),
    ),
    deleteRetained: publish.deleteRetained.handler(({ input, context }) => {
      const call = callOf(context, input.brokerId);
      const topics = publishing.confirmDeletion(call, input.filter, input.confirmation);
      const steps = Math.ceil(topics.length / 500) + 1;
      return {
        jobId: jobs.start('retained', `Retained messages on ${call.broker.name}`, steps, (step) =>
          publishing.deleteRetained(call, input.filter, topics, step),
        ),
      };
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
