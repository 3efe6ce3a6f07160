"""The example of "JWT onboarding", option A: the console issued the token. Its constants come from standard input.

The document calls `tls_set()` for a broker with a public certificate; this broker's is from the authority.
"""

from example import mqtt, read_settings, speak_and_listen

settings = read_settings()
PLANT_ID = settings["plantId"]
JWT_TOKEN = settings["token"]

client = mqtt.Client(client_id=PLANT_ID, protocol=mqtt.MQTTv5)
client.username_pw_set(PLANT_ID, JWT_TOKEN)
client.tls_set(ca_certs=settings["caCert"])
speak_and_listen(client, settings, PLANT_ID)
