// What the form holds, and what the contract takes. Each kind keeps its own fields, so that choosing another one and
// back loses nothing.

import {
  type BrokerProfile,
  type BrokerTarget,
  defaultContainerName,
  defaultImage,
  localPorts,
  plantopsPorts,
} from '../../../../shared/model/broker.ts';

/** A number field is empty while it is typed in. */
export type PortValue = number | string;

export type SshValues = {
  host: string;
  port: PortValue;
  username: string;
  useSudo: boolean;
  control: 'systemd' | 'pidFile' | 'container';
  unit: string;
  pidFile: string;
  containerName: string;
  runtime: 'docker' | 'podman';
  configDirectory: string;
  hasJump: boolean;
  jump: { host: string; port: PortValue; username: string };
};

export type DockerValues = {
  engine: 'socket' | 'tcp' | 'namedPipe';
  socketPath: string;
  host: string;
  port: PortValue;
  pipe: string;
  by: 'name' | 'label';
  containerName: string;
  label: string;
  configDirectory: string;
  isCreated: boolean;
  image: string;
  network: 'published' | 'host';
};

export type AddBrokerValues = {
  name: string;
  kind: BrokerTarget['kind'];
  profile: BrokerProfile;
  host: string;
  subjectAltNames: string[];
  voke: { mtls: PortValue; password: PortValue; token: PortValue };
  plantops: { mqtt: PortValue; webSockets: PortValue };
  ssh: SshValues;
  docker: DockerValues;
};

export const emptyValues = (): AddBrokerValues => ({
  name: '',
  kind: 'ssh',
  profile: 'voke',
  host: '',
  subjectAltNames: [],
  voke: { ...localPorts },
  plantops: { ...plantopsPorts },
  ssh: {
    host: '',
    port: 22,
    username: 'root',
    useSudo: false,
    control: 'systemd',
    unit: 'mosquitto.service',
    pidFile: '/run/mosquitto/mosquitto.pid',
    containerName: defaultContainerName,
    runtime: 'docker',
    configDirectory: '/etc/mosquitto',
    hasJump: false,
    jump: { host: '', port: 22, username: 'root' },
  },
  docker: {
    engine: 'socket',
    socketPath: '/var/run/docker.sock',
    host: '',
    port: 2376,
    pipe: '//./pipe/docker_engine',
    by: 'name',
    containerName: defaultContainerName,
    label: '',
    configDirectory: '/mosquitto/config',
    isCreated: true,
    image: defaultImage,
    network: 'published',
  },
});

/** Not judged yet: the contract's schema does that, and names its own fields. */
export const inputOf = (values: AddBrokerValues) => {
  const { name, profile, host, subjectAltNames } = values;
  return { name, profile, host, subjectAltNames, ports: values[profile], target: targetOf(values) };
};

function targetOf({ kind, host, ssh, docker }: AddBrokerValues) {
  switch (kind) {
    case 'process':
    case 'practice':
      return { kind };
    case 'ssh': {
      const { port, username, useSudo, configDirectory, hasJump, jump } = ssh;
      return {
        kind,
        // Most often the broker's host is the one that plants know.
        host: ssh.host.trim() || host,
        port,
        username,
        useSudo,
        configDirectory,
        control: controlOf(ssh),
        ...(hasJump && { jump }),
      };
    }
    case 'docker': {
      const { by, containerName, label, configDirectory, isCreated, image, network } = docker;
      return {
        kind,
        engine: engineOf(docker),
        container: by === 'name' ? { by, name: containerName } : { by, label },
        configDirectory,
        ...(isCreated && { create: { image, network } }),
      };
    }
  }
}

function controlOf({ control, unit, pidFile, containerName, runtime }: SshValues) {
  switch (control) {
    case 'systemd':
      return { kind: control, unit };
    case 'pidFile':
      return { kind: control, path: pidFile };
    case 'container':
      return { kind: control, name: containerName, runtime };
  }
}

function engineOf({ engine, socketPath, host, port, pipe }: DockerValues) {
  switch (engine) {
    case 'socket':
      return { kind: engine, path: socketPath };
    case 'tcp':
      return { kind: engine, host, port };
    case 'namedPipe':
      return { kind: engine, path: pipe };
  }
}
