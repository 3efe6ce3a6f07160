// Where a broker is and how it is told what to do, in words.

import type { Broker, DockerEngineAddress, SshTargetSettings } from '../../../shared/model/broker.ts';

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

const listenerWords: Readonly<Record<string, string>> = {
  mtls: 'Certificate',
  password: 'Password',
  token: 'Token',
  mqtt: 'MQTT without TLS',
  webSockets: 'WebSockets without TLS',
};

/** What a listener of any profile is for. */
export const listenerName = (listener: string): string => listenerWords[listener] ?? listener;

/** The listeners with their ports. */
export const describeListeners = ({ ports }: Pick<Broker, 'ports'>): readonly NamedValue[] =>
  Object.entries(ports).map(([listener, port]) => ({ name: listenerName(listener), value: String(port) }));
