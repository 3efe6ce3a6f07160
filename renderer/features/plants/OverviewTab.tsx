import { Anchor, Button, Group } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Plant } from '../../../shared/model/plant.ts';
import type { Credential } from '../../../shared/model/provisioning.ts';
import { plantTopic, topicsReadByPlant, topicsWrittenByPlant } from '../../../shared/model/topics.ts';
import { useConsole } from '../../app/console-context.tsx';
import { href, navigate } from '../../app/route.ts';
import { readyValue } from '../../app/snapshot.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import layout from '../../ui/layout.module.css';
import { Notice } from '../../ui/Notice.tsx';
import { Fact, Facts, Panel } from '../../ui/Panel.tsx';
import { ago, dateTime, useNow } from '../../ui/time.ts';
import { EditPlant } from './EditPlant.tsx';
import { AfterRevocation, PresenceFact } from './PresencePanel.tsx';
import { ExpiryText, methodWords } from './words.tsx';

/** What the plant is, and the next thing to do with it. */
export function OverviewTab({ plant }: { plant: Plant }) {
  const { client, plants, plantDetail } = useConsole();
  const credentials = useStore(plantDetail, (detail) => readyValue(detail.credentials));
  const [dialog, setDialog] = useState<'edit' | 'delete' | null>(null);
  const now = useNow(5_000);
  const { plantId, name } = plant;
  const remove = async () => {
    await client.plants.delete({ plantId });
    await plants.getState().refresh();
    navigate(href('plants'));
  };
  return (
    <Group align="stretch" gap={18}>
      {plant.revokedAt && (
        <div style={{ flex: '1 0 100%' }}>
          <AfterRevocation />
        </div>
      )}
      {credentials && <NextStep plant={plant} credentials={credentials} />}
      <div className={layout.columns} style={{ flex: 1 }}>
        <Panel
          title="Identity"
          actions={
            <>
              <Button leftSection={<IconPencil size={18} aria-hidden />} onClick={() => setDialog('edit')}>
                Edit
              </Button>
              <Button leftSection={<IconTrash size={18} aria-hidden />} onClick={() => setDialog('delete')}>
                Remove
              </Button>
            </>
          }
        >
          <Facts>
            <Fact name="Plant id">
              <Group gap={4} wrap="nowrap" my={-10}>
                <span className="mono">{plantId}</span>
                <CopyButton text={plantId} what="plant id" />
              </Group>
            </Fact>
            <Fact name="MQTT username">
              <span className="mono">{plant.username}</span>
            </Fact>
            <Fact name="Site">{plant.site ?? '—'}</Fact>
            <Fact name="Auth method">{methodWords[plant.authMethod]}</Fact>
            <Fact name="Credential ends">
              <ExpiryText at={plant.credentialExpiresAt} method={plant.authMethod} now={now} />
            </Fact>
            <Fact name="Connection">
              <PresenceFact />
              {credentials && credentials.length > 0 && (
                <Anchor href={href('doctor', 'plant', plantId)} display="block" mt={6}>
                  Why does it not connect?
                </Anchor>
              )}
            </Fact>
            <Fact name="Last seen">
              {plant.lastSeenAt ? `${dateTime(plant.lastSeenAt)} (${ago(plant.lastSeenAt, now)})` : 'never'}
            </Fact>
            <Fact name="Registered">{dateTime(plant.createdAt)}</Fact>
          </Facts>
        </Panel>
        <Panel title="Topics">
          <Facts>
            <Fact name="All begin with">
              <span className="mono">{plantTopic(plantId, 'telemetry').replace(/[^/]*$/, '')}</span>
            </Fact>
            <Fact name="It writes">
              <span className="mono">{topicsWrittenByPlant.join(', ')}</span>
            </Fact>
            <Fact name="It reads">
              <span className="mono">{topicsReadByPlant.join(', ')}</span>
            </Fact>
            <Fact name="It never sees">the topics of other plants: a push probes that the broker keeps them apart</Fact>
          </Facts>
        </Panel>
      </div>
      {dialog === 'edit' && <EditPlant plant={plant} onClose={() => setDialog(null)} />}
      {dialog === 'delete' && (
        <ConfirmDialog
          title="Remove this plant from the register"
          word={name}
          action="Remove plant"
          onConfirm={remove}
          onClose={() => setDialog(null)}
        >
          <div>
            The plant, its device address and what was issued to it leave the register; the audit trail keeps that it
            was here. A plant whose credential could still connect must be revoked first.
          </div>
        </ConfirmDialog>
      )}
    </Group>
  );
}

function NextStep({ plant, credentials }: { plant: Plant; credentials: readonly Credential[] }) {
  const { plantId, status, lastSeenAt } = plant;
  const isIssued = credentials.some(({ state }) => state === 'issued');
  const isDeployed = credentials.some(({ state }) => state === 'deployed');
  const go = (tab: string, word: string) => (
    <Button variant="filled" component="a" href={href('plants', plantId, tab)}>
      {word}
    </Button>
  );
  const step = ((): { words: string; action: ReturnType<typeof go> } | null => {
    if (status === 'REVOKED') {
      return {
        words: 'Next: to bring this plant back, provision it again.',
        action: go('security', 'Open security'),
      };
    }
    if (status === 'ACTIVE') return null;
    if (isDeployed) {
      return {
        words: 'Next: the credential is on the device. Wait for its first session, or mark it as active yourself.',
        action: go('security', 'Open security'),
      };
    }
    if (isIssued) {
      return { words: 'Next: bring the issued credential onto the device.', action: go('device', 'Open device') };
    }
    return { words: 'Next: issue a credential to this plant.', action: go('security', 'Open security') };
  })();
  if (!step && lastSeenAt) return null;
  return (
    <div style={{ flex: '1 0 100%' }}>
      <Notice tone="info" action={step?.action}>
        {step?.words ?? 'Active, but not seen by the live monitor yet. Connect it under “Live topics”.'}
      </Notice>
    </div>
  );
}
