import { Button, Group, Select, TextInput } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import type { PublishTemplate, TemplateContent } from '../../../../shared/model/publish.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { FailureNotice } from '../../../ui/Notice.tsx';
import { useAction } from '../../../ui/use-action.ts';

/** Messages that were saved, to fill the form; and the form's content, to be saved under a name. */
export function Templates({
  onLoad,
  contentOf,
}: {
  onLoad: (template: PublishTemplate) => void;
  /** Undefined when what was entered cannot be saved. */
  contentOf: (name: string) => TemplateContent | undefined;
}) {
  const { client } = useConsole();
  const [templates, setTemplates] = useState<readonly PublishTemplate[]>([]);
  const [chosenId, setChosenId] = useState<string | null>(null);
  const [name, setName] = useState('');
  const acting = useAction();
  const { run } = acting;
  const load = useCallback(async () => setTemplates(await client.publish.templates()), [client]);
  // What cannot be listed is said by the first action that fails.
  useEffect(() => void load().catch(() => {}), [load]);
  const chosen = templates.find(({ templateId }) => templateId === chosenId);
  const choose = (templateId: string | null) => {
    const template = templates.find((one) => one.templateId === templateId);
    setChosenId(templateId);
    setName(template?.name ?? '');
    if (template) onLoad(template);
  };
  const save = async (templateId?: string) => {
    const content = contentOf(name);
    if (!content) return;
    const saved = await client.publish.saveTemplate({ ...content, ...(templateId !== undefined && { templateId }) });
    setChosenId(saved.templateId);
    await load();
  };
  const remove = async (templateId: string) => {
    await client.publish.deleteTemplate({ templateId });
    setChosenId(null);
    setName('');
    await load();
  };
  return (
    <>
      <Group align="flex-end">
        <Select
          label="Template"
          size="md"
          w={215}
          placeholder={templates.length === 0 ? 'None saved yet' : 'Choose one'}
          data={templates.map((one) => ({ value: one.templateId, label: one.name }))}
          value={chosenId}
          // Also the one that is chosen is used again by choosing it.
          onOptionSubmit={choose}
          onChange={(templateId) => templateId === null && choose(null)}
          allowDeselect={false}
          clearable
        />
        <TextInput
          label="Name of the template"
          size="md"
          w={200}
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button disabled={name.trim() === ''} onClick={() => void run(() => save(chosen?.templateId))}>
          {chosen ? 'Save over it' : 'Save as template'}
        </Button>
        {chosen && (
          <Button aria-label="Delete template" onClick={() => void run(() => remove(chosen.templateId))}>
            Delete
          </Button>
        )}
      </Group>
      {acting.failure && <FailureNotice failure={acting.failure} />}
    </>
  );
}
