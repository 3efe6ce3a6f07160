import type { ErrorEntries } from './entry.ts';

/** Brokers: their files, and the targets that they live on. */
export const brokersErrors = {
  'broker/not-found': { status: 404, title: 'There is no broker with this id.' },
  'broker/exists': { status: 409, title: 'A broker with this name already exists.' },
  'broker/passwords-only': {
    status: 409,
    title: 'This broker lets plants in by password only. Choose another broker, or give the plant a password.',
  },
  'broker/mosquitto-missing': {
    status: 424,
    title:
      'No mosquitto was found on this machine. Install it (Debian: apt install mosquitto) or use the practice broker.',
  },
  'broker/port-busy': {
    status: 409,
    title: 'A listener port of this broker is already in use. Stop what uses it or choose other ports.',
  },
  'broker/start-failed': { status: 502, title: 'The broker did not start with this configuration. Its log says why.' },
  'broker/unsupported-version': {
    status: 422,
    title: 'This version of Mosquitto is not known to work. Install 2.0 or 2.1.',
  },
  'broker/not-running': { status: 409, title: 'The broker is not running. Push its configuration to start it.' },
  'broker/invalid-files': {
    status: 422,
    title:
      'The broker files contain something that Mosquitto would refuse or read otherwise than meant. Nothing was pushed.',
  },
  'broker/revokes-more': {
    status: 409,
    title:
      "The broker's CRL is by this authority, and it is newer or revokes certificates that this vault calls good: a backup was restored, or another console works with the same authority. A push would let them in again, so nothing was changed. Take its revocations in first.",
  },
  'broker/foreign-file-invalid': {
    status: 422,
    title:
      "A file on the broker has somebody else's entries that Mosquitto would refuse or read otherwise than meant, so nothing was pushed. Correct the named line there, or overwrite the file.",
  },
  'broker/probe-failed': {
    status: 502,
    title: 'The broker answered a probe wrongly, so the push does not count and was undone.',
  },
  'broker/push-in-progress': {
    status: 409,
    title: 'Another push to this broker is under way. Wait for it to end, or take it over if its console is gone.',
  },
  'broker/no-such-push': { status: 404, title: 'This push is not under way on the broker any more. Look again.' },
  'broker/no-such-generation': { status: 404, title: 'The broker does not keep this generation any more. Look again.' },
  'broker/hash-mismatch': {
    status: 502,
    title: 'What the broker holds is not what was sent, so it was not put in force.',
  },
  'broker/undo-failed': {
    status: 502,
    title:
      'The push failed and could not be undone yet, so what the broker holds is not known. The console undoes it as soon as it can reach the broker.',
  },
  'broker/not-writable': {
    status: 409,
    title:
      "The broker's configuration directory cannot be written to. Give the login the right to, or mount it writable; nothing was changed.",
  },

  // brokers behind a shell
  'broker/config-directory-missing': {
    status: 409,
    title: 'The configuration directory is not there on the broker. Correct its path; nothing was changed.',
  },
  'broker/disk-full': {
    status: 507,
    title: "The disk of the broker's host is full. Free some space there and push again; nothing was put in force.",
  },
  'broker/not-a-regular-file': {
    status: 409,
    title:
      'Something other than a file, such as a symbolic link, stands where a file of the broker is needed. Remove it; nothing was changed.',
  },
  'broker/not-readable': {
    status: 409,
    title: "The login may not read the broker's files. Log in as somebody who may, or allow it sudo.",
  },
  'broker/owner-not-set': {
    status: 409,
    title:
      'The files could not be given to the account that Mosquitto runs as. Correct the account, or log in as somebody who may; nothing was changed.',
  },
  'broker/mode-not-kept': {
    status: 409,
    title:
      "The file system of the configuration directory does not keep file modes, so everyone on the host could read the broker's secrets. Nothing was changed; choose another directory.",
  },
  'broker/tool-missing': {
    status: 424,
    title: "The broker's host lacks a tool that a push needs. Install it there; nothing was changed.",
  },
  'broker/changed-meanwhile': {
    status: 409,
    title: 'Somebody changed the files on the broker during the push. Look at them and push again.',
  },
  'broker/write-failed': {
    status: 502,
    title: "The broker's host could not write the files; what was there before is still in force.",
  },
  'broker/unconfirmed': {
    status: 502,
    title:
      "The broker's host did not confirm what it did, so what it holds now is not known. Undo the push before the next step.",
  },
  'broker/unit-missing': {
    status: 404,
    title: 'There is no such service on the host. Correct its name, or how the broker is controlled.',
  },
  'broker/not-controllable': {
    status: 502,
    title: "The broker's process cannot be asked or told. Correct how it is controlled, or the rights of the login.",
  },

  // brokers in containers
  'broker/engine-not-running': {
    status: 502,
    title: 'The Docker engine does not answer. Start it, or correct its address.',
  },
  'broker/engine-forbidden': {
    status: 403,
    title: "This user may not use the Docker engine. Add the user to the engine's group, then log in again.",
  },
  'broker/engine-untrusted': {
    status: 502,
    title:
      'The Docker engine and the console do not trust each other. Enter the authority, certificate and key that the engine was set up with.',
  },
  'broker/engine-timeout': { status: 504, title: 'The Docker engine did not answer in time.' },
  'broker/engine-failed': { status: 502, title: 'The Docker engine could not do this.' },
  'broker/container-missing': {
    status: 404,
    title: 'There is no such container. Correct its name or label, or name an image to make it from.',
  },
  'broker/container-ambiguous': {
    status: 409,
    title: 'Several containers carry this label. Name the one that is meant.',
  },
  'broker/image-missing': {
    status: 424,
    title: 'The image is not on the Docker engine, and none is fetched from a network. Load it from a file first.',
  },
  'broker/image-unreadable': {
    status: 422,
    title: 'This file holds no image. Give a tar file that "docker save" has written.',
  },
  'broker/single-file-mount': {
    status: 409,
    title:
      'A single file is mounted into the container, and would stay the old one when it is replaced. Mount the directory that holds it instead; nothing was changed.',
  },
  'broker/not-mounted': {
    status: 409,
    title:
      "The container's configuration directory is not mounted, so it would be lost with the container. Mount a directory or a volume there; nothing was changed.",
  },
} as const satisfies ErrorEntries;
