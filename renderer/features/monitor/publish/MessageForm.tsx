import { Group, Select, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import type { OutgoingMessage, PublishCheck, PublishOutcome } from '../../../../shared/model/publish.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { Fold } from '../../../ui/Fold.tsx';
import { FormEnd } from '../../../ui/FormEnd.tsx';
import { useAction } from '../../../ui/use-action.ts';
import { AnswerNotice } from './AnswerNotice.tsx';
import { Guard } from './Guard.tsx';
import { InSight } from './InSight.tsx';
import { emptyForm, formErrors, fromTemplate, type MessageFormValues, toMessage, toTemplate } from './message-form.ts';
import classes from './Publish.module.css';
import { Templates } from './Templates.tsx';

/** One message to any topic. Without a live plant and without a warning it goes at once. */
export function MessageForm({ brokerId, topic, onClose }: { brokerId: string; topic: string; onClose: () => void }) {
  const { client } = useConsole();
  const publishing = useAction();
  const [guarded, setGuarded] = useState<{ check: PublishCheck; message: OutgoingMessage } | null>(null);
  const [outcome, setOutcome] = useState<PublishOutcome | null>(null);
  const form = useForm<MessageFormValues>({ initialValues: emptyForm(topic), validate: formErrors });
  /** Of what was tried before: it would be taken for the answer to the next try. */
  const forget = () => {
    publishing.clear();
    setOutcome(null);
  };
  const send = async (message: OutgoingMessage, confirmation: string | null) =>
    setOutcome(await client.publish.send({ brokerId, message, ...(confirmation !== null && { confirmation }) }));
  const ask = async (values: MessageFormValues) => {
    forget();
    const message = toMessage(values);
    const check = await client.publish.check({ brokerId, message });
    if (check.confirmation === null && check.warnings.length === 0) await send(message, null);
    else setGuarded({ check, message });
  };
  return (
    <>
      <Templates
        onLoad={(template) => form.setValues(fromTemplate(template))}
        contentOf={(name) => (form.validate().hasErrors ? undefined : toTemplate(name, form.getValues()))}
      />
      <form onSubmit={form.onSubmit((values) => void publishing.run(() => ask(values)), forget)}>
        <Stack>
          <TextInput label="Topic" size="md" spellCheck={false} {...form.getInputProps('topic')} />
          <Textarea
            label="Payload"
            description="Empty and retained deletes what the broker keeps under the topic"
            size="md"
            rows={3}
            resize="vertical"
            spellCheck={false}
            {...form.getInputProps('payload')}
          />
          <Group align="flex-end">
            <Select
              label="Payload is"
              size="md"
              w={130}
              data={['text', 'hex', 'base64']}
              allowDeselect={false}
              {...form.getInputProps('encoding')}
            />
            <Select
              label="QoS"
              size="md"
              w={90}
              data={['0', '1', '2']}
              allowDeselect={false}
              {...form.getInputProps('qos')}
            />
            <Switch size="md" label="Retained" {...form.getInputProps('retain', { type: 'checkbox' })} />
          </Group>
          <Fold title="MQTT 5 properties">
            <Stack>
              <div>A session of MQTT 3.1.1 has none: the console says so before it leaves them out.</div>
              <Group grow align="flex-start">
                <TextInput label="Content type" size="md" spellCheck={false} {...form.getInputProps('contentType')} />
                <TextInput label="Expires after, seconds" size="md" {...form.getInputProps('expiry')} />
              </Group>
              <Group grow align="flex-start">
                <TextInput
                  label="Response topic"
                  size="md"
                  spellCheck={false}
                  {...form.getInputProps('responseTopic')}
                />
                <TextInput
                  label="Correlation data, hex"
                  size="md"
                  spellCheck={false}
                  {...form.getInputProps('correlation')}
                />
              </Group>
              <Switch
                size="md"
                label="The payload is UTF-8 text (payload format indicator)"
                {...form.getInputProps('isUtf8', { type: 'checkbox' })}
              />
              <Textarea
                label="User properties"
                description="name=value, one a line"
                size="md"
                rows={2}
                {...form.getInputProps('userProperties')}
              />
            </Stack>
          </Fold>
          {outcome && (
            <InSight label="What became of the message" words={JSON.stringify(outcome)}>
              <AnswerNotice answer={outcome} />
            </InSight>
          )}
          <div className={classes.end}>
            <FormEnd action={publishing} submit="Publish" back="Close" onCancel={onClose} />
          </div>
        </Stack>
      </form>
      {guarded && (
        <Guard
          check={guarded.check}
          action="Publish it"
          onConfirm={() => send(guarded.message, guarded.check.confirmation)}
          onClose={() => setGuarded(null)}
        />
      )}
    </>
  );
}
