// Every failure that can reach an engineer has a stable code here.
// - A code is `family/what`; it never changes its meaning, so programs may test for it.
// - `status` is the HTTP status of the REST answer (RFC 9457 problem details).
// - `title` says what to do, in words that are safe to show: never a secret, never a stack.
// - Details travel in `ConsoleError.details`, which must be just as safe to show.

type ErrorEntry = { readonly status: number; readonly title: string };

export const errorCatalog = {
  // the door
  'input/invalid': { status: 400, title: 'The input does not fit. Correct the named fields and try again.' },
  'input/not-found': { status: 404, title: 'There is nothing at this address.' },
  'input/method-not-allowed': { status: 405, title: 'This address does not answer this method.' },
  'input/too-large': { status: 413, title: 'The request is larger than this address accepts.' },
  'session/unauthorized': { status: 401, title: 'Sign in with the start address or the bearer token of this console.' },
  'session/start-used': {
    status: 401,
    title:
      'This start address was used already, or is too old. Restart the console, or get a new address with the bearer token: POST /start.',
  },
  'session/forbidden-origin': {
    status: 403,
    title: 'This request came from another origin and was refused. Open the console by its own address.',
  },
  'host/unsupported': { status: 501, title: 'This host cannot do that. Use the desktop application for it.' },
  'host/port-busy': {
    status: 409,
    title: 'The port is already in use. Choose another port, or 0 to have a free one picked.',
  },
  'host/port-forbidden': {
    status: 403,
    title: 'This user may not open the port. Choose a port above 1023, or 0 to have a free one picked.',
  },
  'host/data-folder': {
    status: 409,
    title: 'The vault folder cannot be made or written to. Choose another one with --data-dir.',
  },
  'internal/unexpected': {
    status: 500,
    title: 'Something unexpected happened. Nothing was left half-done; see the log and report this.',
  },

  // vault
  'vault/absent': { status: 409, title: 'There is no vault yet. Create one first.' },
  'vault/exists': { status: 409, title: 'A vault is already here. Unlock it, or choose another folder.' },
  'vault/locked': { status: 423, title: 'The vault is locked. Unlock it with its passphrase first.' },
  'vault/wrong-passphrase': { status: 403, title: 'The passphrase does not open this vault.' },
  'vault/weak-passphrase': { status: 400, title: 'The passphrase is too short. Use at least 12 characters.' },
  'vault/not-a-vault': {
    status: 422,
    title: 'This file is not a Voke vault. Choose the right file; it was not changed.',
  },
  'vault/newer-version': {
    status: 422,
    title: 'This vault was written by a newer console. Update the console; the file was not changed.',
  },
  'vault/damaged': {
    status: 422,
    title: 'This vault is damaged and was not opened. Restore it from a backup; the file was not changed.',
  },
  'vault/in-use': {
    status: 409,
    title: 'Another console has this vault open. Close it there first, then try again.',
  },
  'vault/backup-invalid': { status: 422, title: 'This is not a readable vault backup. The current vault was kept.' },
  'vault/disk-full': { status: 507, title: 'The disk is full. Free some space and try again; nothing was changed.' },

  // authority
  'authority/absent': { status: 409, title: 'This vault has no certificate authority yet. Create one first.' },
  'authority/not-found': { status: 404, title: 'This vault has no certificate authority yet. Create one first.' },
  'authority/exists': { status: 409, title: 'This vault already has a certificate authority.' },
  'authority/invalid-subject': {
    status: 400,
    title: 'The subject is not a distinguished name. Write it like /C=CZ/O=Acme/CN=Acme Root CA.',
  },
  'authority/invalid-validity': {
    status: 400,
    title: 'The validity does not fit: it must end after it begins and not outlive the authority.',
  },
  'authority/invalid-name': {
    status: 400,
    title: 'A subjectAltName must be a DNS name or an IP address.',
  },
  'authority/invalid-material': {
    status: 422,
    title:
      'The certificate, private key or CRL cannot be read, or they do not belong together. Give PEM files that do.',
  },
  'authority/key-locked': {
    status: 422,
    title: 'The private key is under a passphrase. Give the right one.',
  },
  'authority/request-not-proven': {
    status: 422,
    title:
      'The signature of this certificate request does not fit its key, so its writer does not hold that key, or it was altered. Have a new one made; nothing was issued.',
  },
  'authority/request-for-authority': {
    status: 422,
    title:
      'This certificate request asks for the certificate of an authority, which no plant gets. Have one made without CA:TRUE; nothing was issued.',
  },
  'authority/weak-key': { status: 422, title: 'The key is too short or of a kind that brokers do not take.' },
  'authority/index-invalid': {
    status: 422,
    title: 'The register index.txt cannot be read. Correct the named line; nothing was imported.',
  },
  'authority/import-mismatch': {
    status: 422,
    title: 'The files do not fit together, so nothing was imported. Give those of one and the same authority.',
  },
  'authority/import-incomplete': {
    status: 422,
    title:
      'No authority can be made of these files, so nothing was imported. Choose its certificate together with its private key.',
  },
  'authority/import-not-root': {
    status: 422,
    title:
      'This authority was certified by another one, and brokers need the root itself. Import the root with its key; nothing was imported.',
  },
  'authority/import-too-large': {
    status: 413,
    title:
      'The files are larger than an authority’s ever are, so nothing was imported. Choose only what belongs to it.',
  },
  'authority/import-unreadable': {
    status: 422,
    title: 'A file was damaged on its way, so nothing was imported. Send its content in base64.',
  },
  'authority/import-running': {
    status: 409,
    title: 'An authority is being imported already, or taken back after it was cut off. Wait for the end of that.',
  },
  'authority/not-registered': { status: 404, title: 'The register knows no certificate with this serial number.' },
  'authority/registered-revoked': { status: 409, title: 'This certificate is revoked already.' },
  'authority/vault-not-empty': {
    status: 409,
    title:
      'This vault holds plants already; an authority is imported into an empty vault. Create another vault for it.',
  },

  'authority/token-key-not-found': { status: 404, title: 'There is no token key with this id.' },
  'authority/token-rollover-running': {
    status: 409,
    title: 'A new token key is waiting already. Sign with it and retire the old one before you start another rollover.',
  },
  'authority/token-key-wrong-state': { status: 409, title: 'The token key is not in a state that allows this.' },
  'authority/token-key-not-pushed': {
    status: 409,
    title:
      'Not every broker trusts this token key yet, so its tokens would be refused there. Push to the named brokers first.',
  },
  'authority/token-key-in-use': {
    status: 409,
    title:
      'Plants still hold tokens by this key and would be locked out. Let each of them get a new token first, or insist.',
  },

  'authority/rollover-running': {
    status: 409,
    title: 'A change of authority is under way already. Bring it to its end, or give the next authority up, first.',
  },
  'authority/rollover-wrong-state': { status: 409, title: 'The authority is not in a state that allows this.' },
  'authority/rollover-not-ready': {
    status: 409,
    title:
      'Not everybody trusts the next authority yet, so its certificates would be refused there. Push to the brokers and bring the new CA file to the plants first, or insist.',
  },
  'authority/rollover-in-use': {
    status: 409,
    title:
      'The old authority is still needed: who depends on it would be locked out. Bring new certificates there first, or insist.',
  },
  'authority/trust-incomplete': {
    status: 502,
    title: 'The new CA file did not reach every plant. See the steps of the job; begin it again for the others.',
  },
  'authority/certificate-not-found': { status: 404, title: 'This vault knows no certificate with this serial number.' },

  // plants and credentials
  'plant/not-found': { status: 404, title: 'There is no plant with this id.' },
  'plant/exists': { status: 409, title: 'A plant with this id already exists.' },
  'plant/username-taken': {
    status: 409,
    title:
      'Another PASSWORD plant begins with the same 8 hex digits, so both would share one MQTT username. Give this plant another id or another auth method.',
  },
  'plant/active': {
    status: 409,
    title: 'The plant is ACTIVE. Call revoke first to provision it again, or use rotate to issue beside the live one.',
  },
  'plant/wrong-status': { status: 409, title: 'The plant is not in a state that allows this.' },
  'plant/revocation-left': {
    status: 409,
    title:
      'The revocation cannot be taken back: it has left the console by a push, an export or a download, or there is none. Provision the plant again.',
  },
  'plant/wrong-auth-method': {
    status: 409,
    title: 'The plant authenticates in another way; this does not apply to it.',
  },
  'plant/has-credentials': {
    status: 409,
    title: 'The plant still has a credential that could connect. Revoke it first.',
  },
  'plant/import-unreadable': {
    status: 422,
    title:
      'This is no list of plants. Give a CSV file whose first line names the columns “name” and “auth method”, and “site” and “uuid” where there are any.',
  },
  'plant/import-broken-line': {
    status: 422,
    title: 'The file has lines that are no CSV, so nothing was imported. Correct the named lines.',
  },
  'plant/import-refused': {
    status: 422,
    title: 'The file has plants that cannot be registered, so nothing was imported. Correct the named lines.',
  },
  'plant/import-running': {
    status: 409,
    title: 'Another import of plants is under way, or is being taken back. Wait for it to end; nothing was imported.',
  },
  'credential/not-found': { status: 404, title: 'Nothing has been provisioned for this plant yet.' },
  'credential/handed-over': {
    status: 410,
    title: 'The secrets of this provisioning were handed over and destroyed. Provision again to get new ones.',
  },
  'credential/ttl-too-long': { status: 400, title: 'A token may live 86400 seconds (24 hours) at most.' },

  // broker
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
  'broker/push-unfinished': {
    status: 409,
    title:
      'An earlier push to this broker was cut off and is not undone yet. The console undoes it as soon as it can reach the broker; then push again.',
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

  // remote and device
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

  // bundles on a stick
  'campaign/not-found': { status: 404, title: 'There is no campaign with this id.' },
  'campaign/empty': {
    status: 409,
    title: 'No plant is left for this campaign. Choose others; the preview says why each one was left out.',
  },
  'campaign/wrong-state': { status: 409, title: 'The campaign is in a state that does not allow this.' },
  'campaign/not-approved': {
    status: 409,
    title: 'A second person has to agree to this campaign before it begins.',
  },
  'campaign/window-over': {
    status: 409,
    title: 'The change window of this campaign is over. Plan another campaign for what is left.',
  },
  'campaign/own-approval': {
    status: 403,
    title: 'Nobody approves a campaign of their own. Ask somebody else who is enrolled.',
  },
  'campaign/cut-off': {
    status: 409,
    title:
      'The console was stopped while it was at this plant, and the campaign was cancelled. Look at the device to see what it holds.',
  },
  'campaign/wrong-code': { status: 403, title: 'This name and code do not belong together; nothing was approved.' },
  'campaign/approver-exists': { status: 409, title: 'Somebody with this name is enrolled already.' },
  'campaign/approver-not-found': { status: 404, title: 'Nobody with this name is enrolled.' },

  'offline/bundle-not-found': {
    status: 404,
    title: 'This vault knows no such bundle. Open the vault that exported it; nothing was changed.',
  },
  'offline/bundle-void': {
    status: 409,
    title: 'The credential of this bundle was superseded or revoked, so nothing was changed. Export a new bundle.',
  },
  'offline/credential-expired': {
    status: 409,
    title: 'The credential has ended, so no device could use it. Issue a new one and export that.',
  },
  'offline/receipt-unreadable': {
    status: 422,
    title: 'This is not a receipt of a bundle. Choose the file that ends in .receipt.txt; nothing was changed.',
  },
  'offline/receipt-not-authentic': {
    status: 422,
    title:
      'This receipt was altered, or not written by an installation of its bundle. Run the bundle on the device again to get a right one; nothing was changed.',
  },
  'offline/receipt-wrong-plant': {
    status: 409,
    title: 'This receipt belongs to another plant. Import it there; nothing was changed.',
  },
  'offline/receipt-imported': { status: 409, title: 'This receipt was imported already; nothing was changed.' },
  'offline/receipt-mismatch': {
    status: 422,
    title:
      'The device reports other files than the bundle brought, so the deployment does not count. Look at the device and run the bundle again.',
  },
  'offline/request-unreadable': {
    status: 422,
    title:
      'This is not a certificate request that proves its key. Choose the file that ends in .csr, or run the request kit again.',
  },
  'offline/request-wrong-plant': {
    status: 409,
    title: 'This certificate request names another plant. Import it there; nothing was issued.',
  },
  'offline/key-check-mismatch': {
    status: 409,
    title:
      'The key check is not that of this request, which may not come from the device. Compare what the device showed; nothing was issued.',
  },

  // monitor
  'monitor/connect-failed': { status: 502, title: 'The monitor could not connect to the broker.' },
  'monitor/refused': { status: 502, title: 'The broker refused the identity of the monitor.' },
  'monitor/not-connected': { status: 409, title: 'The monitor is not connected to this broker.' },

  // practice plant
  'practice/plc-not-connected': {
    status: 409,
    title: 'The PLC is not connected to its broker, so it can neither speak nor hear. Start it first.',
  },

  'practice/starting': { status: 409, title: 'The practice plant is being started. Wait until it runs.' },

  // policy
  'policy/rules-invalid': { status: 422, title: 'These are no rules. Correct the named places; nothing was changed.' },
  'policy/key-invalid': {
    status: 400,
    title:
      'The key that tokens are checked by cannot be read. Give a public key as PEM, a JWK set or its https address.',
  },
  'policy/key-unreachable': {
    status: 502,
    title: 'The keys that tokens are checked by cannot be fetched. Look at the address of the JWK set.',
  },
  'policy/token-too-large': { status: 413, title: 'The token is larger than any real one. Get a new one.' },
  'policy/token-unreadable': { status: 401, title: 'This is not a signed JWT. Send the access token itself.' },
  'policy/token-algorithm': {
    status: 401,
    title: 'The token is not signed in a way that its key allows. Sign it by RS256, ES256 or EdDSA.',
  },
  'policy/token-signature': {
    status: 401,
    title: 'No trusted key made the signature of this token. Get one from the right issuer.',
  },
  'policy/token-expired': { status: 401, title: 'The token has expired. Get a new one.' },
  'policy/token-not-yet-valid': { status: 401, title: 'The token is not valid yet. Compare the clocks, or wait.' },
  'policy/token-claims': {
    status: 401,
    title:
      'The token lacks a claim, or was made for somebody else. It needs sub, exp, and the set issuer and audience.',
  },

  // jobs
  'job/console-closing': { status: 503, title: 'The console is closing and begins nothing new.' },
  'job/not-found': { status: 404, title: 'There is no job with this id.' },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorCatalog;

/** Facts about one failure, safe to show and to log. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** A field of the input that did not fit; `field` is a dotted path such as `subjectAltNames.0`. */
export type FieldError = { readonly field: string; readonly message: string };

/** A failure with a stable code. The message is the catalog's sentence, with what is special about this case behind it. */
export class ConsoleError extends Error {
  readonly code: ErrorCode;
  /** What is special about this case, without the catalog's sentence. */
  readonly because: string | undefined;
  readonly details: ErrorDetails;
  readonly fields: readonly FieldError[];

  constructor(
    code: ErrorCode,
    options: { because?: string; details?: ErrorDetails; fields?: readonly FieldError[]; cause?: unknown } = {},
  ) {
    const title = errorCatalog[code].title;
    super(options.because ? `${title} (${options.because})` : title, { cause: options.cause });
    this.name = 'ConsoleError';
    this.code = code;
    this.because = options.because;
    this.details = options.details ?? {};
    this.fields = options.fields ?? [];
  }

  get status(): number {
    return errorCatalog[this.code].status;
  }
}

export const isErrorCode = (value: string): value is ErrorCode => Object.hasOwn(errorCatalog, value);

/** RFC 9457 problem details, as the REST API answers every failure. */
export type ProblemDetails = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly errors?: readonly FieldError[];
  readonly details?: ErrorDetails;
};

export function toProblemDetails(error: ConsoleError): ProblemDetails {
  return {
    type: `urn:voke:error:${error.code}`,
    title: errorCatalog[error.code].title,
    status: error.status,
    detail: error.message,
    code: error.code,
    ...(error.fields.length > 0 && { errors: error.fields }),
    ...(Object.keys(error.details).length > 0 && { details: error.details }),
  };
}
