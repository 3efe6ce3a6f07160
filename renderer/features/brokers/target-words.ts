// Where a broker is and how it is told what to do, in words.

import type { Broker, BrokerProfile, DockerEngineAddress, SshTargetSettings } from '../../../shared/model/broker.ts';
import type { ProbeResult } from '../../../shared/model/probe.ts';

export type NamedValue = { readonly name: string; readonly value: string };

/** How the console reaches the broker: what runs it first. */
export function describeTarget({ target }: Pick<Broker, 'target'>): readonly NamedValue[] {
  switch (target.kind) {
    case 'process':
      return [{ name: 'Runs as', value: 'Mosquitto on this machine' }];
    case 'practice':
      return [{ name: 'Runs as', value: 'Built-in practice broker' }];
    case 'ssh': {
      const { host, port, username, jump, useSudo, configDirectory } = target;
      return [
        { name: 'Reached by', value: `SSH as ${username}@${host}:${port}${useSudo ? ', with sudo' : ''}` },
        ...(jump ? [{ name: 'Through', value: `${jump.username}@${jump.host}:${jump.port}` }] : []),
        { name: 'Runs as', value: controlWords(target.control) },
        { name: 'Its files', value: configDirectory },
      ];
    }
    case 'docker': {
      const { engine, container, configDirectory } = target;
      const named = container.by === 'name' ? container.name : `with the label ${container.label}`;
      return [
        { name: 'Reached by', value: `Docker engine at ${engineWords(engine)}` },
        { name: 'Runs as', value: `Container ${named}` },
        { name: 'Its files', value: configDirectory },
      ];
    }
  }
}

function controlWords(control: SshTargetSettings['control']): string {
  switch (control.kind) {
    case 'systemd':
      return `systemd unit ${control.unit}`;
    case 'pidFile':
      return `Process named by ${control.path}`;
    case 'container':
      return `Container ${control.name} (${control.runtime})`;
  }
}

function engineWords(engine: DockerEngineAddress): string {
  switch (engine.kind) {
    case 'tcp':
      return `${engine.host}:${engine.port} (TLS)`;
    case 'socket':
    case 'namedPipe':
      return engine.path;
  }
}

type Listener = ProbeResult['listener'];

export const profileWords: Record<BrokerProfile, string> = {
  voke: 'voke (TLS)',
  plantops: 'plantops (without TLS)',
};

/** What a listener of any profile is for. */
export const listenerWords: Record<Listener, string> = {
  mtls: 'Certificate',
  password: 'Password',
  token: 'Token',
  mqtt: 'MQTT without TLS',
  webSockets: 'WebSockets without TLS',
};

const listeners: readonly Listener[] = ['mtls', 'password', 'token', 'mqtt', 'webSockets'];

/** The listeners with their ports. */
export const describeListeners = ({ ports }: Pick<Broker, 'ports'>): readonly NamedValue[] => {
  const known: Partial<Record<Listener, number>> = ports;
  return listeners.flatMap((listener) => {
    const port = known[listener];
    return port === undefined ? [] : [{ name: listenerWords[listener], value: String(port) }];
  });
};
