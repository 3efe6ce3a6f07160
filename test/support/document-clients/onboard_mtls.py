"""The example of "mTLS onboarding", with its constants read from standard input."""

import ssl

from example import mqtt, read_settings, speak_and_listen

settings = read_settings()
PLANT_ID = settings["plantId"]
CA_CERT = settings["caCert"]
CLIENT_CERT = settings["clientCert"]
CLIENT_KEY = settings["clientKey"]

client = mqtt.Client(client_id=PLANT_ID, protocol=mqtt.MQTTv5)
client.tls_set(
    ca_certs=CA_CERT,
    certfile=CLIENT_CERT,
    keyfile=CLIENT_KEY,
    tls_version=ssl.PROTOCOL_TLS_CLIENT,
)
speak_and_listen(client, settings, PLANT_ID)
