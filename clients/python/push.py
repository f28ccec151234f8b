#!/usr/bin/env python3
"""Pushes a file to a Titian gateway, waits until it is settled, and prints the verdict. Python 3.9 or newer, nothing else.

usage: push.py URL CLIENT SECRET_FILE DATASET FILE
Ends with 0 if every record is taken, 1 if some need mending, 2 if the gateway refuses.
"""

import base64
import hashlib
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

TYPES = {
    ".csv": "text/csv",
    ".ndjson": "application/x-ndjson",
    ".json": "application/json",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
TRIES = 6


class Refused(Exception):
    """What the gateway refuses, in its own words (RFC 9457)."""


class Gateway:
    def __init__(self, url, client, secret):
        self.url = url.rstrip("/")
        self.basic = base64.b64encode(f"{client}:{secret}".encode()).decode()
        self.token = None
        self.until = 0.0

    def bearer(self):
        """A token, renewed before it ends."""
        if time.monotonic() >= self.until:
            form = urllib.parse.urlencode({"grant_type": "client_credentials"}).encode()
            answer = self.send("/oauth/token", {"Authorization": f"Basic {self.basic}"}, lambda: form)
            self.token = answer["access_token"]
            self.until = time.monotonic() + answer["expires_in"] - 30
        return self.token

    def call(self, path, headers=None, body=None):
        return self.send(path, {"Authorization": f"Bearer {self.bearer()}", **(headers or {})}, body)

    def send(self, path, headers, body=None):
        """One request; `body` opens what is sent, so that it can be sent again when the connection breaks."""
        for attempt in range(1, TRIES + 1):
            request = urllib.request.Request(
                self.url + path, data=body() if body else None, headers={"Accept": "application/json", **headers}
            )
            try:
                with urllib.request.urlopen(request, timeout=600) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                if attempt == TRIES or (error.code != 429 and error.code < 500):
                    raise Refused(told(error)) from None
                pause = error.headers.get("Retry-After", "")
                time.sleep(min(int(pause), 60) if pause.isdigit() else 2**attempt)
            except OSError:
                if attempt == TRIES:
                    raise
                time.sleep(2**attempt)


def told(error):
    """A problem in one line; a proxy in between may answer in words of its own."""
    try:
        problem = json.load(error)
        places = [f"{place['pointer']}: {place['code']}" for place in problem.get("errors", [])]
        said = [problem.get("title"), problem.get("detail"), problem.get("error_description"), *places]
        return f"{error.code} " + "; ".join(part for part in said if part)
    except (ValueError, AttributeError, KeyError):
        return f"{error.code} {error.reason}"


def sha256_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            digest.update(piece)
    return digest


def push(gateway, dataset, path):
    """Makes a batch of a file. The key is made of its bytes, so that the same file is never taken twice."""
    ending = os.path.splitext(path)[1].lower()
    if ending not in TYPES:
        raise Refused(f"the name {os.path.basename(path)} does not tell what the file holds: {', '.join(TYPES)}")
    digest = sha256_of(path)
    headers = {
        "Content-Type": TYPES[ending],
        "Content-Length": str(os.path.getsize(path)),
        "Content-Digest": f"sha-256=:{base64.b64encode(digest.digest()).decode()}:",
        "Idempotency-Key": f'"{digest.hexdigest()}"',
    }
    return gateway.call(f"/v1/datasets/{urllib.parse.quote(dataset, safe='')}/batches", headers, lambda: open(path, "rb"))


def settled(gateway, batch):
    while batch["state"] != "settled":
        time.sleep(1)
        batch = gateway.call(f"/v1/batches/{batch['id']}")
    return batch


def main(args):
    if len(args) != 5:
        print(__doc__, file=sys.stderr)
        return 2
    url, client, secret_file, dataset, path = args
    try:
        with open(secret_file, encoding="utf-8") as file:
            gateway = Gateway(url, client, file.read().strip())
        batch = settled(gateway, push(gateway, dataset, path))
        report = gateway.call(f"/v1/batches/{batch['id']}/report")
    except (Refused, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{batch['id']}: {report['verdict']}")
    for cause in report["causes"]:
        print(f"- {cause['title']} ({cause['entries']}). {cause['mend']}")
    counts = batch["counts"]
    return 1 if counts["rejected"] + counts["held"] > 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
