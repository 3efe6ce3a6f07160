// Why a connection does not come about, in words: what is wrong, and what to do.
// - A code is `step/what`; it never changes its meaning, so programs may test for it.
// - Several may be possible at once: what cannot be told apart from outside is told apart by the broker's own files and
//   log, where the console reaches them.

type CauseEntry = { readonly title: string; readonly advice: string };

export const doctorCauses = {
  'name/unknown': {
    title: 'Nobody knows this host name.',
    advice: 'Correct the name, enter it at the name server that the device asks, or use the address instead.',
  },
  'name/lookup-failed': {
    title: 'The host name could not be looked up: the name server does not answer.',
    advice: 'Check the network cable and the name server of this machine, or use the address instead.',
  },
  'tcp/wrong-port': {
    title: 'Nothing listens on this port, but the broker answers on another one.',
    advice: 'Correct the port. In production certificates go to 8886; on a local broker to 8883.',
  },
  'tcp/token-listener-off': {
    title: 'The listener for tokens is not open, while the broker answers on its other ports.',
    advice:
      'The broker runs without the JWT plugin: there is none for Apple Silicon, ARM64 or Alpine. Run it on x86-64 with glibc, or give the plant a certificate or a password.',
  },
  'tcp/broker-down': {
    title: 'The host is there, but no broker listens on any known port.',
    advice: 'Start the broker, and look at its log for why it ended.',
  },
  'tcp/filtered': {
    title: 'Nothing answers at this address and port: a firewall drops it, or the host is off.',
    advice: 'Open the port in the firewalls on the way, and check that the host is on and has this address.',
  },
  'tcp/no-route': {
    title: 'There is no way to this network from here.',
    advice: "Check the network cable, this machine's address and its gateway.",
  },
  'tcp/way-closed': {
    title: 'The broker is reached over another host, and that way is closed.',
    advice: "Look at the login and the host key of the broker's host, and whether the broker runs there.",
  },
  'tcp/failed': {
    title: 'The connection could not be opened.',
    advice: 'Look at the error code of this step.',
  },
  'tls/port-is-plain': {
    title: 'This port speaks MQTT without TLS.',
    advice: 'Use the port of the TLS listener, or connect without TLS if that is what is meant.',
  },
  'tls/port-is-tls': {
    title: 'This port speaks TLS, and the client speaks without.',
    advice: 'Switch TLS on in the client, or use the port of the listener without TLS.',
  },
  'tls/not-mqtt': {
    title: 'What listens on this port is something else than an MQTT broker with TLS.',
    advice: 'Correct the port.',
  },
  'tls/ca-missing': {
    title: 'The client has no CA certificate of the broker.',
    advice: 'Give the client the ca.crt that came with its credential; in paho that is ca_certs of tls_set().',
  },
  'tls/ca-unreadable': {
    title: 'The CA file of the client is no certificate in PEM.',
    advice: 'Replace it by the ca.crt that came with the credential.',
  },
  'tls/ca-wrong': {
    title: "The client trusts another authority than the one that the broker's certificate is from.",
    advice: 'Bring the present ca.crt to the device.',
  },
  'tls/authority-expired': {
    title: "The authority of the broker's certificate has expired.",
    advice: 'Change the authority, and bring its new ca.crt to broker and plants.',
  },
  'tls/name-mismatch': {
    title: "The broker's certificate does not hold the name that the client connects to.",
    advice: 'Connect to a name of the certificate, or add the name to the broker and push to it.',
  },
  'tls/server-expired': {
    title: "The broker's certificate has expired.",
    advice: 'Push to the broker: it gets a new certificate.',
  },
  'tls/server-not-yet-valid': {
    title: "The broker's certificate is not valid yet.",
    advice: 'Compare the clock that it was issued by with the real time; else wait, or issue it anew.',
  },
  'tls/clock-behind': {
    title: "This machine's clock is behind, so that certificates seem not to be valid yet.",
    advice: "Set this machine's clock. A device with a wrong clock refuses the broker for the same reason.",
  },
  'tls/clock-ahead': {
    title: "This machine's clock is ahead, so that certificates seem to have expired.",
    advice: "Set this machine's clock. A device with a wrong clock refuses the broker for the same reason.",
  },
  'tls/server-revoked': {
    title: "The broker's certificate is revoked.",
    advice: 'Push to the broker: it gets a new certificate. Clients without the CRL do not notice.',
  },
  'tls/version': {
    title: 'Client and broker have no version of TLS in common.',
    advice: 'Look at tls_version of the listener; the console speaks TLS 1.2 and 1.3.',
  },
  'tls/silent': {
    title: 'The connection is open, but the TLS handshake gets no answer.',
    advice: 'Look whether the broker is overloaded or stopped, and whether a firewall looks into the connection.',
  },
  'tls/failed': {
    title: 'The TLS handshake failed.',
    advice: "Look at the error code and the broker's log.",
  },
  'client/unreadable': {
    title: "The client's certificate or key cannot be read.",
    advice: 'Replace both by the files that were issued together, in PEM.',
  },
  'client/key-mismatch': {
    title: "The client's private key does not belong to its certificate.",
    advice: 'Bring certificate and key of the same credential to the device.',
  },
  'client/missing': {
    title: 'The broker asks for a certificate, and the client shows none.',
    advice: 'Give the client its certificate and key, or use the port for passwords or tokens.',
  },
  'client/revoked': {
    title: "The client's certificate is revoked: its serial number stands in the CRL.",
    advice: 'Issue a replacement and bring it to the device.',
  },
  'client/other-ca': {
    title: "The client's certificate is by an authority that the broker does not trust.",
    advice: 'Issue a certificate by the present authority, or push the authority to the broker.',
  },
  'client/expired': {
    title: "The client's certificate has expired.",
    advice: 'Issue a new one and bring it to the device.',
  },
  'client/not-yet-valid': {
    title: "The client's certificate is not valid yet by the broker's clock.",
    advice: "Set the broker's clock; else wait, or issue the certificate anew.",
  },
  'client/no-common-name': {
    title: "The client's certificate has no common name, so that the broker has no user name for it.",
    advice: "Issue a certificate whose CN is the plant's UUID in lower case.",
  },
  'client/refused': {
    title: "The broker refuses the client's certificate.",
    advice: "Look at the broker's log, and compare certificate and broker's ca.crt.",
  },
  'client/secret-away': {
    title: 'The credential was handed over: its secret part lies on the device alone.',
    advice: 'Look at the log of the device itself, or enter what lies there as free parameters.',
  },
  'broker/crl-expired': {
    title: "The broker's CRL has expired: until it gets a new one it refuses every certificate.",
    advice: 'Push to the broker: it gets a new CRL.',
  },
  'broker/crl-not-yet-valid': {
    title: "The broker's CRL is not valid yet by its clock: it refuses every certificate.",
    advice: "Set the broker's clock.",
  },
  'broker/crl-missing': {
    title: 'The broker trusts the authority but has no CRL of it, so it refuses each of its certificates.',
    advice: 'Push to the broker: it gets the CRLs of all authorities that it trusts.',
  },
  'broker/connection-limit': {
    title: 'The broker takes no more connections.',
    advice: 'Raise max_connections of the listener, or end connections that nobody needs.',
  },
  'broker/went-down': {
    title: 'The broker ended while it was asked.',
    advice: 'Start it again, and look at its log for why it ended.',
  },
  'broker/acl-broken': {
    title: "The broker's ACL file cannot be read: Mosquitto 2.0 then lets everybody do everything.",
    advice: 'Push to the broker at once, or correct the file and reload it.',
  },
  'connect/user-unknown': {
    title: 'The broker does not know this user: the plant is not provisioned there yet.',
    advice: 'Provision the plant, and push to the broker.',
  },
  'connect/password-wrong': {
    title: 'The password is wrong.',
    advice: 'Provision the plant anew, push to the broker, and copy the new values to the device.',
  },
  'connect/not-reloaded': {
    title:
      "The broker's password file knows this password, but the broker has not read the file: the SIGHUP failed or was not sent.",
    advice: 'Push to the broker, or send it SIGHUP (docker exec cpi-mosquitto kill -HUP 1), and look at its log.',
  },
  'connect/no-username': {
    title: 'The client sends no user name, and the broker lets nobody in without.',
    advice: 'Set user name and password in the client.',
  },
  'connect/wrong-listener': {
    title: 'This listener takes another kind of credential.',
    advice: 'Use the port of the listener for what the client shows: certificate, password or token.',
  },
  'connect/refused': {
    title: 'The broker refuses the client.',
    advice: "Look at the broker's log.",
  },
  'connect/client-id-taken': {
    title: "Another client uses the same client id, and each ends the other's session.",
    advice: 'Give each client a client id of its own; look for a second device with the same credential.',
  },
  'connect/client-id-refused': {
    title: 'The broker refuses the client id.',
    advice: 'Give the client an id that is not empty, and begins with what clientid_prefixes asks for.',
  },
  'connect/protocol-version': {
    title: 'The broker speaks another version of MQTT.',
    advice: 'Set the client to MQTT 3.1.1 or 5.',
  },
  'connect/busy': {
    title: 'The broker is busy or not available.',
    advice: 'Look at its load and its log, and try again.',
  },
  'connect/silent': {
    title: 'The broker does not answer to CONNECT.',
    advice: 'Look whether the broker is overloaded, and whether this port really is its MQTT listener.',
  },
  'connect/closed': {
    title: 'The broker ends the connection without a word.',
    advice: "Look at the broker's log.",
  },
  'token/unreadable': {
    title: 'What is sent as password is no token.',
    advice: 'Send the whole token as password; look for one that was cut off or has a line break.',
  },
  'token/algorithm': {
    title: 'The token is signed by another algorithm than RS256.',
    advice: 'Sign it by RS256; the plugin takes neither HS256 nor ES256.',
  },
  'token/expired': {
    title: 'The token has expired.',
    advice: 'Issue a fresh token.',
  },
  'token/not-yet-valid': {
    title: "The token is not valid yet by the broker's clock.",
    advice: 'Compare the clocks of issuer and broker: the plugin allows no leeway.',
  },
  'token/subject': {
    title: 'The user name is not the subject (sub) of the token.',
    advice: "Use the plant's UUID as user name, or issue the token for this user name.",
  },
  'token/key-format': {
    title: "The broker's public key file is SPKI instead of PKCS#1: it starts, and refuses every token.",
    advice: 'Push to the broker, or convert the file: openssl rsa -pubin -RSAPublicKey_out -outform DER.',
  },
  'token/other-key': {
    title: 'The token is signed by a key that the broker does not trust.',
    advice: 'Push the present token key to the broker, or issue the token by it.',
  },
  'rights/name-unknown': {
    title: "The ACL has no entry for this name, so it may neither read nor write the plant's topics.",
    advice: "Issue the certificate with the plant's UUID as CN, or push to the broker so that it gets the entry.",
  },
  'rights/read-missing': {
    title:
      'The client may not read this topic: the ACL has no entry for it. Mosquitto grants the subscription all the same, and delivers nothing.',
    advice: 'Provision the plant and push to the broker, so that it gets its ACL entries anew.',
  },
  'rights/write-missing': {
    title: 'The client may not write to this topic: the broker takes the message and drops it.',
    advice: 'Correct the topic, or provision the plant and push to the broker.',
  },
  'rights/muted': {
    title: 'The ACL denies this name everything: its access was withdrawn.',
    advice: 'Provision the plant anew if it shall come back.',
  },
  'rights/not-reloaded': {
    title: "The broker's ACL file grants this, but the broker does not: it has not read the file.",
    advice: 'Push to the broker, or send it SIGHUP, and look at its log.',
  },
  'rights/subscribe-refused': {
    title: 'The broker refuses the subscription.',
    advice: 'Correct the topic, or the ACL.',
  },
  'device/clock-off': {
    title: "The device's clock is off, or somebody sends its recorded messages again.",
    advice:
      "Compare both clocks with the real time and set the wrong one (NTP). Until then the console takes the plant's signed messages for old ones.",
  },
  'publish/too-large': {
    title: 'The message is larger than the broker takes.',
    advice: 'Send smaller messages, or raise message_size_limit.',
  },
} as const satisfies Readonly<Record<string, CauseEntry>>;

export type CauseCode = keyof typeof doctorCauses;

export const causeCodes = Object.keys(doctorCauses) as [CauseCode, ...CauseCode[]];
