"""The example of "PASSWORD onboarding", with its constants read from standard input."""

from example import mqtt, read_settings, speak_and_listen

settings = read_settings()
USERNAME = settings["username"]
PASSWORD = settings["password"]
CA_CERT = settings["caCert"]

client = mqtt.Client(client_id=USERNAME, protocol=mqtt.MQTTv5)
client.username_pw_set(USERNAME, PASSWORD)
client.tls_set(ca_certs=CA_CERT)
speak_and_listen(client, settings, settings["plantId"])
