// The last look at the files of a `celine` broker before they leave: read back as the broker would, every option of
// mosquitto-go-auth one that it has (it passes others over without a word), and every key that of its certificate.

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { optionValue, parseConf } from '../../../shared/model/mosquitto/conf.ts';
import type { BrokerLine } from '../../../shared/model/mosquitto/conf-options.ts';
import { fileNames } from '../file-names.ts';
import { type CelineProfile, celinePlaces } from '../profiles/celine.ts';
import { LintedFiles } from './linted-files.ts';

const remote =
  'host port getuser_uri superuser_uri aclcheck_uri with_tls verify_peer params_mode response_mode user_agent';
const prefixed = (prefix: string, words: string) => words.split(' ').map((word) => `${prefix}_${word}`);

/** Those that this profile may use; mosquitto-go-auth has more for backends that it does not use. */
const goAuthOptions: ReadonlySet<string> = new Set([
  ...['backends', 'disable_superuser', 'log_level', 'cache'],
  ...prefixed('cache', 'type host port db password reset refresh'),
  ...['auth_cache_seconds', 'acl_cache_seconds', 'auth_jitter_seconds', 'acl_jitter_seconds'],
  ...prefixed('http', `${remote} method timeout`),
  ...['jwt_mode', ...prefixed('jwt', remote)],
]);

/** Throws `broker/invalid-files` with what is wrong, by file and line, in `details.faults`. */
export async function lintCelineProfile(
  { files, policyFiles }: CelineProfile,
  line: BrokerLine,
  now: Date,
): Promise<void> {
  const linted = new LintedFiles(files, celinePlaces.conf);
  const text = linted.text(fileNames.conf);
  if (text !== undefined) checkConf(linted, text, line);
  await checkPair(linted, fileNames.certificate, fileNames.privateKey, now);
  const policy = new LintedFiles(policyFiles, celinePlaces.policy);
  await checkPair(policy, 'service.crt', 'service.key', now);
  const faults = [...linted.faults, ...policy.faults];
  if (faults.length > 0)
    throw new ConsoleError('broker/invalid-files', {
      because: faults[0] ?? '',
      details: { faults, count: faults.length },
    });
}

function checkConf(linted: LintedFiles, text: string, line: BrokerLine): void {
  const { value, faults } = parseConf(text, line);
  linted.addLines(fileNames.conf, faults);
  if (optionValue(value.options, 'allow_anonymous') !== 'false')
    linted.addOfConf('it must say that nobody gets in without a name: allow_anonymous false');
  const [plugin, ...others] = value.plugins;
  if (plugin === undefined || others.length > 0)
    linted.addOfConf('nothing, or more than one plugin, says who may come in');
  for (const { keyword } of plugin?.options ?? [])
    if (!goAuthOptions.has(keyword)) linted.addOfConf(`mosquitto-go-auth has no option ${keyword}`);
  const [encrypted] = value.listeners;
  if (encrypted === undefined || linted.referenced(encrypted.options, 'certfile') === undefined)
    linted.addOfConf('the first listener is not encrypted');
  if (encrypted) linted.referenced(encrypted.options, 'keyfile');
}

async function checkPair(files: LintedFiles, name: string, keyName: string, now: Date): Promise<void> {
  const certificate = await files.attempt(name, 'is not a certificate in PEM', (pem) => new X509Certificate(pem));
  const key = await files.attempt(keyName, 'is not an unencrypted private key in PEM', (pem) => createPrivateKey(pem));
  if (certificate === undefined || key === undefined) return;
  if (!certificate.checkPrivateKey(key)) files.add(`${keyName}: does not belong to ${name}`);
  if (certificate.validToDate <= now) files.add(`${name}: the certificate has expired`);
}
