import type { ErrorEntries } from './entry.ts';

/** SSH, and what a device answers. */
export const devicesErrors = {
  'remote/unreachable': { status: 502, title: 'The device cannot be reached. Check its address, cable and power.' },
  'remote/host-key-unknown': {
    status: 409,
    title: 'The host key there is not confirmed yet. Compare its fingerprint and confirm it.',
  },
  'remote/host-key-changed': {
    status: 409,
    title: 'Another host key is shown there than the one confirmed. Find out why before you go on; nothing was sent.',
  },
  'remote/authentication-failed': {
    status: 502,
    title: 'The login was refused there. Check user and password or key; repeated failures may lock the account.',
  },
  'remote/no-common-algorithm': {
    status: 502,
    title: 'The device offers only outdated SSH algorithms. They must be allowed for this device explicitly.',
  },
  'remote/closed-before-login': {
    status: 502,
    title:
      'The device closed the connection before the login. Servers do this for a while after failed logins: wait half a minute, then try once.',
  },
  'remote/invalid-private-key': {
    status: 400,
    title: 'The private key for the login cannot be read. Check the file and its passphrase.',
  },
  'remote/command-refused': {
    status: 502,
    title: 'The device accepted the login but refuses to run a shell for it. Use a login that may.',
  },
  'remote/no-sftp': {
    status: 502,
    title:
      'The device offers no SFTP for this login. Install an SFTP server there, or choose another way for its files.',
  },
  'remote/forwarding-refused': {
    status: 502,
    title: 'The jump host does not forward connections for this login. Use another login or another jump host.',
  },
  'remote/no-sudo': {
    status: 403,
    title: 'The login may not become root with sudo there. Give it the right, or log in as root.',
  },
  'remote/wrong-sudo-password': {
    status: 403,
    title: 'sudo refused the password. It was tried once; repeated failures may lock the account.',
  },
  'remote/no-doas': {
    status: 403,
    title:
      'The login may not become root with doas there. Give it a rule with "permit nopass", since doas takes no password over this connection, or log in as root.',
  },
  'remote/timeout': { status: 504, title: 'The device did not answer in time.' },
  'remote/connection-lost': { status: 502, title: 'The connection broke off before the device confirmed.' },
  'remote/invalid-address': { status: 400, title: 'This is not a host name or address.' },
  'device/not-found': { status: 404, title: 'No device is configured for this plant. Enter its SSH address first.' },
  'device/no-shell': {
    status: 409,
    title:
      'The device runs no commands for this login. Bring its files over SFTP, and do what needs a shell at the device.',
  },
  'device/holds-nothing': {
    status: 409,
    title: 'The device holds no credential of this plant, so a new CA file alone is of no use there. Deploy one first.',
  },
  'device/invalid-directory': {
    status: 400,
    title: 'The target directory must be an absolute path of plain characters, without "..".',
  },
  'device/symbolic-link': {
    status: 409,
    title:
      'A target on the device is a symbolic link, so nothing was written. Replace the link or choose another directory.',
  },
  'device/not-a-directory': {
    status: 409,
    title: 'A file stands on the device where a directory is needed. Remove it or choose another directory.',
  },
  'device/not-a-regular-file': {
    status: 409,
    title:
      'Something other than a file stands on the device where a file is needed. Remove it or choose another directory.',
  },
  'device/not-writable': {
    status: 409,
    title: 'The login may not write to the target directory, or its file system is read-only. Nothing was changed.',
  },
  'device/mode-not-kept': {
    status: 409,
    title:
      'The file system of the target directory does not keep file modes, so everyone on the device could read the key. Nothing was changed; choose another directory.',
  },
  'device/tool-missing': {
    status: 424,
    title: 'The device lacks a tool that a safe installation needs. Install it there; nothing was changed.',
  },
  'device/no-previous-generation': {
    status: 409,
    title: 'The device keeps no previous set of files to go back to. Deploy the right one instead.',
  },
  'device/installation-running': {
    status: 409,
    title:
      'Another installation is at work on the device, perhaps one whose connection was lost. Wait until it has ended; nothing was changed.',
  },
  'device/disk-full': {
    status: 507,
    title: "The device's disk is full. Free some space there and deploy again; what was there before was kept.",
  },
  'device/read-only': {
    status: 409,
    title:
      'The file system of the target directory is read-only. Make it writable, or choose another directory; nothing was changed.',
  },
  'device/clock-wrong': {
    status: 409,
    title:
      "The device's clock stands outside the validity of its certificates, so it would trust no broker. Set its clock, or insist.",
  },
  'device/clock-not-set': {
    status: 409,
    title: 'The login may not set the clock of the device. Log in with the rights to, or set it there.',
  },
  'device/foreign-files': {
    status: 409,
    title:
      "The device holds another plant's credential, so this may be the wrong device. Check its address, or insist on replacing it.",
  },
  'device/restart-failed': {
    status: 502,
    title: 'The files are installed, but the restart command of the MQTT client failed on the device.',
  },
  'device/no-session': {
    status: 504,
    title:
      'The new credential is on the device, but no session over it was seen in time. The old one stays in force; look at the MQTT client, then activate or go back.',
  },
  'device/rolled-back': {
    status: 504,
    title: 'No session over the new credential was seen in time, so the previous files were put back on the device.',
  },
  'device/previous-retired': {
    status: 409,
    title:
      'The previous files on the device hold a credential that was retired, so brokers would refuse it. Deploy a new one, or insist.',
  },
  'device/unconfirmed': {
    status: 502,
    title:
      'The device did not confirm what it did, so what it holds now is not known. Read its state before the next step.',
  },
  'device/install-failed': {
    status: 502,
    title: 'The device could not install the files; what was there before was kept.',
  },
  'device/hash-mismatch': {
    status: 502,
    title: 'What the device holds does not match what was sent; the deployment does not count.',
  },
  'device/nothing-to-deploy': {
    status: 409,
    title: 'This plant has no credential waiting for deployment. Provision it first.',
  },
  'device/deployment-running': {
    status: 409,
    title: 'A deployment to this plant is under way. Wait for it to end.',
  },
  'device/key-made-there': {
    status: 409,
    title:
      'The private key of this credential was made on the device, so only the bundle that answers its request can install it. Export that bundle, or issue a new credential.',
  },
} as const satisfies ErrorEntries;
