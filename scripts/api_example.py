"""A capture device in forty lines: enrol it, open an encounter, sign the photographs, read the answer.

Use: python api_example.py 127.0.0.1:8433 LIVE.jpg PORTRAIT.jpg, with API keys in ADMINISTRATOR_KEY and OPERATOR_KEY.
"""

import json
import os
import sys
from base64 import b64encode
from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

service = HTTPConnection(sys.argv[1], timeout=60)
live, portrait = (b64encode(Path(name).read_bytes()).decode() for name in sys.argv[2:])


def post(path: str, key: str, body: bytes, **headers: str) -> dict:
    """Send ``body`` and return the answer; a problem means the ordinary manual check."""
    named = {f"Countenance-{name.title()}": value for name, value in headers.items()}
    known = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    service.request("POST", path, body, {**known, **named})
    response = service.getresponse()
    answer = json.loads(response.read())
    if response.status not in {200, 201}:
        sys.exit(f"Ordinary manual check: {answer['detail']} {answer['remedy']}")
    return answer


# Once: the administrator enrols the device's public key. The private key never leaves the device.
device_key = Ed25519PrivateKey.generate()
public_key = device_key.public_key().public_bytes_raw().hex()
device = {"device": "camera-7", "public_key": public_key, "checkpoints": ["lane-1"]}
post("/devices", os.environ["ADMINISTRATOR_KEY"], json.dumps(device).encode())

# For each person: read the document, show the notice, offer to refuse. Only then open the encounter.
operator_key = os.environ["OPERATOR_KEY"]
who = {"person_class": "unknown", "age": 40, "refusal_offered": True}
opened = post("/encounters", operator_key, json.dumps({"checkpoint": "lane-1", "eligibility": who}).encode())
if opened["outcome"] != "opened":
    sys.exit(f"{opened['next_step']}: {opened['advice']}")

# The device signs the token, the attempt and the hash of exactly the bytes it sends.
body = json.dumps({"attempt": 1, "live": live, "portrait": portrait}).encode()
message = f"countenance/capture/v1\n{opened['token']}\n1\n{sha256(body).hexdigest()}\n".encode()
signature = b64encode(device_key.sign(message)).decode()
capture = {"token": opened["token"], "device": "camera-7", "attempt": "1", "signature": signature}
reply = post("/verifications", operator_key, body, **capture)
print(reply["outcome"], reply["next_step"], reply["receipt"]["commitment"])

# The same bytes again get the same answer: a lost reply costs nothing.
print("resend", "identical" if post("/verifications", operator_key, body, **capture) == reply else "different")
service.close()
