"""What each document's example does after `client.connect`: it speaks, and waits for a command.

The examples stop at `loop_forever()`. Here the loop ends once a command came, and one JSON line tells what happened.
"""

import json
import sys
import time

import paho.mqtt.client as mqtt

TIMEOUT_SECONDS = 20


def read_settings():
    """Standard input, so that no secret stands in an argument list."""
    return json.load(sys.stdin)


def speak_and_listen(client, settings, plant_id):
    seen = {"connack": None, "command": None, "isConnected": False}

    def on_connect(client, _userdata, _flags, reason_code, _properties):
        seen["connack"] = str(reason_code)
        if reason_code == 0:
            client.subscribe([(f"cpi/{plant_id}/command", 1), (f"cpi/{plant_id}/commands", 1)])

    def on_subscribe(client, _userdata, _mid, _reason_codes, _properties):
        client.publish(f"cpi/{settings['neighbour']}/telemetry", '{"forged":true}', qos=1)
        for leaf in ("telemetry", "status", "ack", "alarm"):
            client.publish(f"cpi/{plant_id}/{leaf}", json.dumps({"said": leaf}), qos=1)

    def on_message(_client, _userdata, message):
        seen["command"] = f"{message.topic} {message.payload.decode()}"

    client.on_connect = on_connect
    client.on_subscribe = on_subscribe
    client.on_message = on_message
    client.connect(settings["host"], settings["port"], keepalive=60)
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        client.loop(timeout=0.1)
        if seen["command"] is not None or seen["connack"] not in (None, "Success"):
            break
    seen["isConnected"] = client.is_connected()
    client.disconnect()
    print(json.dumps(seen))


__all__ = ["mqtt", "read_settings", "speak_and_listen"]
