import { useState } from 'react';
import type { Broker } from '../../../../shared/model/broker.ts';
import { Fold } from '../../../ui/Fold.tsx';
import classes from '../../../ui/SetupStep.module.css';
import { SetupStep } from '../../../ui/SetupStep.tsx';
import { EngineTls } from './EngineTls.tsx';
import { LoadImage } from './LoadImage.tsx';

/** What an operator enters for a Docker engine: its certificates where it is on TCP, and images from a stick. */
export function DockerAccess({ broker }: { broker: Broker }) {
  const [isChanging, setChanging] = useState(false);
  const { brokerId, access, problem } = broker;
  const hasTls = access?.hasLogin ?? true;
  return (
    <>
      {access && (
        <ol className={classes.steps}>
          <SetupStep
            number={1}
            title="Certificates for the Docker engine"
            isDone={hasTls}
            isOpen={!hasTls || isChanging}
            summary="Stored sealed in the vault"
            onToggle={() => setChanging(!isChanging)}
          >
            <EngineTls brokerId={brokerId} onStored={() => setChanging(false)} />
          </SetupStep>
        </ol>
      )}
      {hasTls && (
        <Fold
          title="Load an image from a file"
          summary="for an engine without a registry"
          isForced={problem?.code === 'broker/image-missing'}
        >
          <LoadImage brokerId={brokerId} />
        </Fold>
      )}
    </>
  );
}
